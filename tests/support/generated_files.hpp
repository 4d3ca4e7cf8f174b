#pragma once
// Whole files that are made from the table of settings. `ninja docs` writes them; tests/docs_test.cpp compares.
#include "collectors/base/option.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::test {

struct GeneratedFile {
  std::string_view file;  // from the root of the source tree
  std::string text;
};

std::vector<GeneratedFile> generated_files();

// What they are made of.
std::string default_file(std::span<const Option> options);
std::string manual(std::span<const Option> options);
std::string bash_completion(std::span<const Option> options);
std::string zsh_completion(std::span<const Option> options);
std::string fish_completion(std::span<const Option> options);

}  // namespace vitald::test
