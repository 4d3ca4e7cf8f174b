#include "collectors/watch/patterns.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <utility>

namespace vitald::watch {
namespace {

bool looks_at_path(const std::string& pattern) { return pattern.find('/') != pattern.npos; }

bool any_fits(const std::vector<std::string>& patterns, const std::string& path, const std::string& name) {
  return std::ranges::any_of(patterns, [&](const auto& each) {
    return ::fnmatch(each.c_str(), looks_at_path(each) ? path.c_str() : name.c_str(), 0) == 0;
  });
}

}  // namespace

Patterns::Patterns(std::vector<std::string> include, std::vector<std::string> exclude)
    : include_(std::move(include)), exclude_(std::move(exclude)) {
  by_path_ = std::ranges::any_of(include_, looks_at_path) || std::ranges::any_of(exclude_, looks_at_path);
}

bool Patterns::keeps(std::string_view path, std::string_view name, bool folder) const {
  if (include_.empty() && exclude_.empty()) return true;
  const std::string whole(path), last(name);
  if (any_fits(exclude_, whole, last)) return false;
  return folder || include_.empty() || any_fits(include_, whole, last);
}

}  // namespace vitald::watch
