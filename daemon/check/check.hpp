#pragma once
// vitald check: as whom does it run here, and what does that lose. Reads the host once, by the daemon's own collectors.
#include "collectors/base/collector.hpp"
#include "daemon/check/report.hpp"

#include <chrono>
#include <memory>
#include <set>
#include <string>

namespace vitald::check {

struct Wanted {
  Roots roots;
  Options options;
  std::set<std::string, std::less<>> collectors;  // those that are on
  std::vector<std::string> missing_collectors;    // switched on, and not in this build
  std::chrono::nanoseconds deadline{};
  std::shared_ptr<const GroupRules> group_rules;
};

Report look(const Wanted& wanted);

int run(std::span<char* const> words);  // those behind "vitald check"; the status

}  // namespace vitald::check
