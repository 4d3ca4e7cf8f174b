#pragma once
// From argv to options, in the spelling that the peer (kingpin) takes.
#include "collectors/base/option.hpp"

#include <span>
#include <string>
#include <vector>

namespace vitald::config {

struct Parsed {
  Options options;
  std::vector<std::string> errors;              // all at once; not empty: do not start
  std::vector<std::string> warnings;            // for the log, once it stands
  std::vector<std::string> unsupported_flags;   // given, but of a collector that is not here: "collector.hwmon"
  std::vector<std::string> missing_collectors;  // switched on by flag, but not here: "hwmon"
  bool help = false, version = false;
};

// `argv` with the program's name in front.
Parsed parse(int argc, const char* const* argv, std::span<const Option> options);

}  // namespace vitald::config
