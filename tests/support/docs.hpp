#pragma once
// The parts of the documents that are made from the code, each between <!-- name --> and <!-- /name -->.
// `ninja docs` writes them; tests/docs_test.cpp fails where a document says something else.
#include <string>
#include <string_view>
#include <vector>

namespace vitald::test {

struct Section {
  std::string_view file, name;  // file: from the root of the source tree
  std::string text;
};

std::vector<Section> generated_sections();

std::string read_document(std::string_view file);  // throws where there is none

// What stands between the section's marks, which it must have once.
std::string_view between_marks(std::string_view document, std::string_view name);

}  // namespace vitald::test
