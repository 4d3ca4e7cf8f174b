#pragma once
// A file that a person wrote, whole.
#include <string>

namespace vitald::config {

// What is wrong, or nothing: a plain file of at most 1 MiB. For threads that may wait.
std::string read_text_file(const std::string& path, std::string& text);

}  // namespace vitald::config
