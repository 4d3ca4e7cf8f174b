#pragma once
// Cursors over kernel text. Nothing here allocates or touches a file.
#include <algorithm>
#include <charconv>
#include <concepts>
#include <string_view>

namespace vitald::scan {

// Takes text up to `stop` and steps over it; takes the rest when there is none.
constexpr std::string_view take_until(std::string_view& text, char stop) {
  const auto at = text.find(stop);
  const auto head = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + 1);
  return head;
}

constexpr std::string_view take_line(std::string_view& text) { return take_until(text, '\n'); }

// The same where the kernel ends every line: false when the text was cut within it, so that no cut number passes for a
// smaller one.
constexpr bool take_whole_line(std::string_view& text, std::string_view& line) {
  const bool whole = text.find('\n') != text.npos;
  line = take_line(text);
  return whole;
}

// Takes the next run of non-blanks; empty at the end of the line.
constexpr std::string_view take_word(std::string_view& line) {
  const auto from = line.find_first_not_of(" \t");
  if (from == line.npos) return line = {};
  line.remove_prefix(from);
  const auto word = line.substr(0, line.find_first_of(" \t"));
  line.remove_prefix(word.size());
  return word;
}

// Without the blanks around it.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") {
  const auto from = text.find_first_not_of(blanks);
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) + 1 - from);
}

// What can stand in a metric's name as it is: letters, digits and '_'.
constexpr bool plain(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
constexpr bool plain(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return plain(c); });
}

// Reads a whole word as a number; false leaves `out` alone. Plain decimal digits only, a sign only where the type has
// one, no "inf", "nan" or "0x": the kernel writes none of them. Reals are never negative here.
template <class Number>
requires std::integral<Number> || std::floating_point<Number>
bool number(std::string_view word, Number& out) {
  if constexpr (std::floating_point<Number>)
    if (word.empty() || word.front() < '0' || word.front() > '9') return false;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
  return error == std::errc{} && end == word.data() + word.size() && !word.empty();
}

// Reads as many words as there are outputs.
template <class... Numbers>
bool numbers(std::string_view& line, Numbers&... out) {
  return (number(take_word(line), out) && ...);
}

}  // namespace vitald::scan
