#pragma once
// Which processes form which groups: read from a user's file by others, and given to the collector as data.
#include <cstdint>
#include <string>
#include <vector>

namespace vitald {

struct GroupRules {
  // A piece of a group's name.
  struct Part {
    enum class Kind : std::uint8_t {
      text,
      comm,
      exe_base,
      exe_full,
      username,
      pid,
      start_time,
      cgroups,  // all, as "[/a /b]"
      cgroup,   // the one at `index`
      match     // what the capture named `text` found
    };
    Kind kind = Kind::text;
    std::string text = {};
    std::size_t index = 0;
    bool operator==(const Part&) const = default;
  };
  // All that are given must match: of `comm` and `exe` one each, of `cmdline` all.
  struct Rule {
    std::vector<Part> name;
    std::vector<std::string> comm, exe, cmdline;
    bool operator==(const Rule&) const = default;
  };
  std::vector<Rule> rules;  // the first one that matches counts
  bool operator==(const GroupRules&) const = default;
};

}  // namespace vitald
