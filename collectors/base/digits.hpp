#pragma once
// Numbers in less usual dress: hexadecimal, alone in a file, and as a label.
#include "collectors/base/scan.hpp"
#include "collectors/base/text.hpp"

namespace vitald {
namespace scan {

// Reads a whole word of hexadecimal digits, without "0x"; false leaves `out` alone.
template <std::unsigned_integral Number>
bool hexadecimal(std::string_view word, Number& out) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out, 16);
  return error == std::errc{} && end == word.data() + word.size() && !word.empty();
}

// What a whole file holds that holds one value. Copies made by hand may lack the line's end.
constexpr std::string_view lone(std::string_view text) { return trimmed(text, " \t\r\n"); }

template <class Number>
bool lone_number(std::string_view text, Number& out) {
  return number(lone(text), out);
}

}  // namespace scan

void write_number(std::integral auto number, Text& out) {
  char digits[24];
  out = std::string_view(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace vitald
