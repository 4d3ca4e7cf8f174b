#include "config/changes.hpp"

namespace vitald::config {

std::vector<Change> changes(const Options& before, const Options& after, std::span<const Option> options) {
  std::vector<Change> all;
  for (const auto& option : options) {
    if (!option.was_for.empty() || option.flag_only) continue;
    const bool same = before.values(option.flag) == after.values(option.flag);
    const bool as_given = before.given(option.flag) == after.given(option.flag);
    if (same && (as_given || !option.flag.starts_with("collector."))) continue;
    all.push_back({&option, before.values(option.flag), after.values(option.flag)});
  }
  return all;
}

}  // namespace vitald::config
