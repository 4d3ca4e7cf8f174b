#pragma once
// The configuration's files: the one that was named, and conf.d/*.yaml beside it.
#include "config/file/keys.hpp"

namespace vitald::config {

struct Files {
  std::vector<std::string> read;  // in this order
  std::vector<Given> given;       // a later file goes before an earlier one
  std::vector<std::string> errors;
};

// Reads them: from any thread that may wait, not the loop.
Files read_files(const std::string& path, std::span<const Option> options);

}  // namespace vitald::config
