#pragma once
// Words that are the same but for ASCII's capitals.
#include <algorithm>
#include <string_view>

namespace vitald::config {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr bool alike(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

}  // namespace vitald::config
