#pragma once
// From argv to options, in the spelling that the peer (kingpin) takes.
#include "config/given.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace vitald::config {

using Places = std::map<std::string, Place, std::less<>>;  // by flag

// What all that was given comes to.
struct Parsed {
  Options options;
  std::vector<std::string> errors;              // all at once; not empty: do not start
  std::vector<std::string> warnings;            // for the log, once it stands
  std::vector<std::string> unsupported_flags;   // given, but of a collector that is not here: "collector.hwmon"
  std::vector<std::string> missing_collectors;  // switched on by flag, but not here: "hwmon"
  bool help = false, version = false;
  std::vector<std::string> files;  // the configuration that was read, in this order
  bool fault_in_files = false;     // some of the errors are the files'
  Places from_files;               // of what comes from them
};

struct CommandLine {
  std::vector<Given> given;
  std::vector<std::string> errors;
};

// `argv` with the program's name in front.
CommandLine read_command_line(int argc, const char* const* argv, std::span<const Option> options);

// The same, checked, without any file.
Parsed parse(int argc, const char* const* argv, std::span<const Option> options);

}  // namespace vitald::config
