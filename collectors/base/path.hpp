#pragma once
// Questions about paths that need no kernel.
#include <string_view>

namespace vitald {

// "/a/b" is at or below "/", "/a" and "/a/b", but not below "/a/bc".
constexpr bool at_or_below(std::string_view path, std::string_view point) {
  if (point == "/") return path.starts_with('/');
  return path.starts_with(point) && (path.size() == point.size() || path[point.size()] == '/');
}

}  // namespace vitald
