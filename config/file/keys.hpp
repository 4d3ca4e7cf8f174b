#pragma once
// From the keys of a configuration file to options.
//
// A key is a flag's name without its dashes, and each of its dots may begin a map instead:
// "web.freshness: 1s" and "web: {freshness: 1s}" are the same. A switch that has options below it is "enabled" there:
// "collector.cpu: {enabled: true, info: true}".
#include "config/file/leaves.hpp"
#include "config/given.hpp"

namespace vitald::config {

struct FileSettings {
  std::vector<Given> given;
  std::vector<std::string> errors;  // each with file and line
};

FileSettings settings_of(std::string_view yaml, const std::string& file, std::span<const Option> options);

}  // namespace vitald::config
