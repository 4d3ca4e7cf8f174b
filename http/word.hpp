#pragma once
// The smallest parts of HTTP's grammar (RFC 9110, section 5.6; RFC 3986, section 3.2).
#include <algorithm>
#include <string_view>

namespace vitald::http {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Whether the words differ in upper and lower case only.
constexpr bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::ranges::equal(a, b, {}, lower, lower);
}

constexpr bool alphanumeric(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); }

constexpr bool only(std::string_view text, std::string_view marks) {
  return std::ranges::all_of(text, [&](char c) { return alphanumeric(c) || marks.find(c) != marks.npos; });
}

constexpr bool is_token(std::string_view text) { return !text.empty() && only(text, "!#$%&'*+-.^_`|~"); }

// A host with or without a port, or nothing; no user, no path, no list.
constexpr bool is_authority(std::string_view text) { return only(text, "-._~%!$&'()*+;=:[]"); }

}  // namespace vitald::http
