#include "daemon/group_rules.hpp"

#include "config/file/group_file.hpp"

#include <algorithm>
#include <iterator>

namespace vitald {

void take_group_rules(Wishes& wishes) {
  auto& parsed = wishes.parsed;
  const auto& path = parsed.options.text("process.config.file");
  if (path.empty() || parsed.help || parsed.version) return;
  auto file = config::read_group_file(path);
  parsed.files.push_back(path);
  if (!file.errors.empty()) parsed.fault_in_files = true;
  std::ranges::move(file.errors, std::back_inserter(parsed.errors));
  wishes.group_rules = std::make_shared<const GroupRules>(std::move(file.rules));
}

bool same_group_rules(const Wishes& one, const Wishes& other) {
  if (!one.group_rules || !other.group_rules) return one.group_rules == other.group_rules;
  return *one.group_rules == *other.group_rules;
}

}  // namespace vitald
