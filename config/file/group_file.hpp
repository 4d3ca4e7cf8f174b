#pragma once
// process-exporter's file of groups (--process.config.file).
#include "collectors/base/group_rules.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vitald::config {

struct GroupFile {
  GroupRules rules;                 // whole when there are no errors
  std::vector<std::string> errors;  // with file, line and key
};

GroupFile group_rules_of(std::string_view yaml, const std::string& file);

// Waits for the file: not for the loop.
GroupFile read_group_file(const std::string& path);

}  // namespace vitald::config
