#pragma once
// The words of Prometheus's text format: names, blanks and escapes.
#include "collectors/base/scan.hpp"

#include <string>
#include <string_view>

namespace vitald::metrics_text {

constexpr void skip_blanks(std::string_view& text) {
  while (!text.empty() && scan::blank(text.front())) text.remove_prefix(1);
}

// Takes a name of letters, digits and '_' (and ':' in metrics' names) that does not begin with a digit; empty: none.
template <bool Colons>
constexpr std::string_view take_name(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && (scan::plain(text[size]) || (Colons && text[size] == ':'))) ++size;
  if (size == 0 || (text.front() >= '0' && text.front() <= '9')) return {};
  const auto name = text.substr(0, size);
  text.remove_prefix(size);
  return name;
}
constexpr std::string_view take_metric_name(std::string_view& text) { return take_name<true>(text); }
constexpr std::string_view take_label_name(std::string_view& text) { return take_name<false>(text); }

// Appends the text without its escapes (\\, \n, and \" where quotes may be escaped); false at any other.
inline bool unescape(std::string_view text, bool quotes, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out.push_back(text[i]);
      continue;
    }
    if (++i == text.size()) return false;
    const char c = text[i];
    if (c != '\\' && c != 'n' && !(quotes && c == '"')) return false;
    out.push_back(c == 'n' ? '\n' : c);
  }
  return true;
}

}  // namespace vitald::metrics_text
