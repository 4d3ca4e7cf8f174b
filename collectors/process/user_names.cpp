#include "collectors/process/user_names.hpp"

#include "collectors/base/scan.hpp"

#include <utility>

namespace vitald::process {

// "name:password:uid:gid:…"; of several names the first counts.
std::map<std::uint64_t, std::string> parse_passwd(std::string_view text) {
  std::map<std::uint64_t, std::string> names;
  while (!text.empty()) {
    auto line = scan::take_line(text);
    const auto name = scan::take_until(line, ':');
    scan::take_until(line, ':');
    std::uint64_t user = 0;
    if (!name.empty() && scan::number(scan::take_until(line, ':'), user)) names.emplace(user, name);
  }
  return names;
}

std::string UserNames::of(std::uint64_t user) {
  if (!std::exchange(read_, true))
    if (const auto text = file_.read()) names_ = parse_passwd(*text);
  const auto found = names_.find(user);
  if (found != names_.end()) return found->second;
  auto name = services_ ? services_->of(user) : std::string();
  return name.empty() ? std::to_string(user) : name;
}

}  // namespace vitald::process
