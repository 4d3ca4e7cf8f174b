#include "http/request.hpp"

#include "collectors/base/scan.hpp"

namespace vitald::http {

std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '+' && plus_is_space) {
      out += ' ';
    } else if (c != '%') {
      out += c;
    } else {
      unsigned char byte = 0;
      const auto* end = text.data() + 2;
      if (text.size() < 2 || std::from_chars(text.data(), end, byte, 16).ptr != end) return {};
      out += static_cast<char>(byte);
      text.remove_prefix(2);
    }
  }
  return out;
}

std::optional<Parameters> parameters(std::string_view query) {
  Parameters found;
  while (!query.empty()) {
    auto value = scan::take_until(query, '&');
    if (value.empty()) continue;
    const auto name = scan::take_until(value, '=');
    auto left = decoded(name, true), right = decoded(value, true);
    if (!left || !right) return {};
    found.emplace_back(std::move(*left), std::move(*right));
  }
  return found;
}

}  // namespace vitald::http
