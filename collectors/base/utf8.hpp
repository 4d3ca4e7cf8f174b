#pragma once
// UTF-8 (RFC 3629): texts from the kernel may hold any bytes; what leaves the daemon is valid.
#include <string_view>

namespace vitald::utf8 {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

namespace detail {

constexpr bool in(char c, unsigned low, unsigned high) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= low && byte <= high;
}

// Length of the sequence that this first byte opens and the range of its second byte; 0: no first byte.
struct Opening {
  std::size_t length;
  unsigned low = 0x80, high = 0xBF;
};
constexpr Opening opening(char c) {
  if (in(c, 0x00, 0x7F)) return {1};
  if (in(c, 0xC2, 0xDF)) return {2};
  if (in(c, 0xE0, 0xE0)) return {3, 0xA0};
  if (in(c, 0xED, 0xED)) return {3, 0x80, 0x9F};  // no surrogates
  if (in(c, 0xE1, 0xEF)) return {3};
  if (in(c, 0xF0, 0xF0)) return {4, 0x90};
  if (in(c, 0xF1, 0xF3)) return {4};
  if (in(c, 0xF4, 0xF4)) return {4, 0x80, 0x8F};
  return {0};
}

}  // namespace detail

// Takes one character, or one byte that begins none. `text` is not empty.
constexpr std::string_view next(std::string_view text) {
  const auto open = detail::opening(text.front());
  if (open.length <= 1 || text.size() < open.length || !detail::in(text[1], open.low, open.high))
    return text.substr(0, 1);
  for (std::size_t i = 2; i < open.length; ++i)
    if (!detail::in(text[i], 0x80, 0xBF)) return text.substr(0, 1);
  return text.substr(0, open.length);
}

// Whether what `next` took is a character.
constexpr bool valid(std::string_view taken) { return taken.size() > 1 || detail::in(taken.front(), 0x00, 0x7F); }

constexpr bool all_valid(std::string_view text) {
  while (!text.empty()) {
    const auto taken = next(text);
    if (!valid(taken)) return false;
    text.remove_prefix(taken.size());
  }
  return true;
}

}  // namespace vitald::utf8
