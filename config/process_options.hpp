#pragma once
// The daemon as a process: detaching, pid file, user, log, end.
#include "collectors/base/option.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace vitald::config {

enum class LogTo : std::uint8_t { chosen, standard_error, journal, syslog };  // chosen: by how it was started

struct ProcessSettings {
  bool daemon = false;
  std::string pid_file, log_file, user;  // empty: none
  LogTo log_to = LogTo::chosen;
  std::vector<std::string> keep_capabilities;
  std::chrono::nanoseconds drain{};
};

std::span<const Option> process_options();

ProcessSettings process_settings(const Options& options);  // as parsed without errors

// What is wrong with these flags beside each other, each in one sentence.
std::vector<std::string> process_contradictions(const Options& options);

}  // namespace vitald::config
