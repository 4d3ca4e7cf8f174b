#pragma once
// A command line for tests: two collectors, one of them with options of each kind.
#include "config/command_line.hpp"
#include "config/vocabulary.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace vitald::test {

using Kind = Option::Kind;

inline constexpr Option disk_options[] = {
    {.flag = "collector.disk.exclude",
     .kind = Kind::regexp,
     .initial = "^loop",
     .help = "Disks to leave out.",
     .excludes = "collector.disk.include"},
    {.flag = "collector.disk.include",
     .kind = Kind::regexp,
     .initial = "",
     .help = "Disks to keep.",
     .excludes = "collector.disk.exclude"},
    {.flag = "collector.disk.ignored",
     .kind = Kind::regexp,
     .initial = "",
     .help = "Old.",
     .was_for = "collector.disk.exclude",
     .hidden = true},
    {.flag = "collector.disk.workers", .kind = Kind::integer, .initial = "4", .help = "How many.", .at_least = 1},
    {.flag = "collector.disk.patience", .kind = Kind::duration, .initial = "5s", .help = "How long.", .at_least = 1},
    {.flag = "collector.disk.folder", .initial = "", .help = "Where.", .repeatable = true},
};

inline constexpr config::Switch switches[] = {
    {"disk", "Disks.", true, disk_options},
    {"rare", "Rarely wanted.", false},
};

inline const config::Vocabulary& vocabulary() {
  static const config::Vocabulary all(switches);
  return all;
}

inline config::Parsed parsed(const std::vector<const char*>& words) {
  std::vector<const char*> argv{"vitald"};
  argv.insert(argv.end(), words.begin(), words.end());
  return config::parse(static_cast<int>(argv.size()), argv.data(), vocabulary().options());
}

using Texts = std::vector<std::string>;

}  // namespace vitald::test
