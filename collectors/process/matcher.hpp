#pragma once
// Which group a process belongs to, by the rules, and how that group is called.
#include "collectors/base/expression.hpp"
#include "collectors/base/group_rules.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::process {

// What rules and names ask of a process. What costs a file is asked for only if a rule needs it.
struct Subject {
  int pid = 0;
  std::string_view comm;
  std::function<std::string_view()> command;  // as in /proc/PID/cmdline, without NULs at the end
  std::function<std::string()> username, cgroups;
  std::int64_t start_seconds = 0;  // Unix time
};

class Matcher {
 public:
  explicit Matcher(GroupRules rules);
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  // The name of its group: UTF-8, of limited length. None: no rule matches.
  std::optional<std::string> group_of(const Subject& subject) const;
  // The groups whose names depend on nothing.
  std::vector<std::string> fixed_names() const;

  static constexpr std::size_t most_name_bytes = 512;

 private:
  struct Rule {
    const GroupRules::Rule* said;
    std::vector<Expression> cmdline;
  };

  GroupRules all_;
  std::vector<Rule> rules_;
};

// With U+FFFD in the place of what is no UTF-8.
std::string valid_utf8(std::string_view text);

}  // namespace vitald::process
