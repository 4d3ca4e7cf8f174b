#pragma once
// Cursors over kernel text. Nothing here allocates or touches a file.
#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
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
  const auto at = text.find('\n');
  line = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + 1);
  return at != text.npos;
}

constexpr bool blank(char c) { return c == ' ' || c == '\t'; }

// Takes the next run of non-blanks; empty at the end of the line. (The library's find_first_of calls memchr for every
// character.)
constexpr std::string_view take_word(std::string_view& line) {
  std::size_t from = 0;
  while (from < line.size() && blank(line[from])) ++from;
  std::size_t to = from;
  while (to < line.size() && !blank(line[to])) ++to;
  const auto word = line.substr(from, to - from);
  line.remove_prefix(to);
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

// Reads digits as far as they go, where a number of that many cannot be too large; none, or more, is false.
inline bool take_digits(std::string_view& text, std::uint64_t& out) {
  constexpr std::size_t most = 19;
  std::uint64_t value = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const auto digit = static_cast<unsigned char>(text[at] - '0');
    if (digit > 9) break;
    if (at == most) return false;
    value = value * 10 + digit;
  }
  if (at == 0) return false;
  out = value;
  text.remove_prefix(at);
  return true;
}

// Reads a whole word as a number; false leaves `out` alone. Plain decimal digits only, a sign only where the type has
// one, no "inf", "nan" or "0x": the kernel writes none of them. Reals are never negative here.
template <class Number>
requires std::integral<Number> || std::floating_point<Number>
bool number(std::string_view word, Number& out) {
  if constexpr (std::floating_point<Number>)
    if (word.empty() || word.front() < '0' || word.front() > '9') return false;
  if constexpr (std::same_as<Number, std::uint64_t>)  // most of what kernels write, in a third of from_chars' time
    if (std::uint64_t value = 0; word.size() < 20) {
      if (!take_digits(word, value) || !word.empty()) return false;
      out = value;
      return true;
    }
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
  return error == std::errc{} && end == word.data() + word.size() && !word.empty();
}

// Steps over a line of `head`, blanks, a number and `tail`, in which the line's end is; false, and `text` as it was,
// when the next one is no such line.
inline bool take_line_of(std::string_view& text, std::string_view head, std::string_view tail, std::uint64_t& out) {
  if (!text.starts_with(head)) return false;
  auto rest = text.substr(head.size());
  std::size_t blanks = 0;
  while (blanks < rest.size() && blank(rest[blanks])) ++blanks;
  rest.remove_prefix(blanks);
  std::uint64_t value = 0;
  if (blanks == 0 || !take_digits(rest, value) || !rest.starts_with(tail)) return false;
  out = value;
  text = rest.substr(tail.size());
  return true;
}

// Reads as many words as there are outputs; false at the first that is missing or no number, and those before it are
// read. Words behind them stay in `line`.
template <class... Numbers>
bool numbers(std::string_view& line, Numbers&... out) {
  return (number(take_word(line), out) && ...);
}

}  // namespace vitald::scan
