#include "collectors/base/numbered_lines.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>

namespace vitald {

Result<void> take_numbered_line(std::string_view line, std::span<const Place> places,
                                std::span<std::optional<std::uint64_t>> numbers) {
  auto rest = line;
  const auto word = scan::take_word(rest);
  if (!scan::plain(word)) return Fault{Parse::unknown_layout, {}};
  std::size_t most = 0;
  for (const auto& place : places)
    if (place.line == word) most = std::max(most, place.number);
  for (std::size_t number = 1; number <= most; ++number) {
    std::uint64_t value = 0;
    const auto text = scan::take_word(rest);
    if (text.empty()) return Fault{Parse::truncated, {}};
    if (!scan::number(text, value)) return Fault{Parse::not_a_number, {}};
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i].number != number || places[i].line != word) continue;
      if (numbers[i]) return Fault{Parse::unknown_layout, {}};  // the line came before
      numbers[i] = value;
    }
  }
  return {};
}

Result<void> all_numbered_lines_came(std::span<const Place> places,
                                     std::span<const std::optional<std::uint64_t>> numbers) {
  for (std::size_t i = 0; i < places.size(); ++i)
    if (!numbers[i] && !places[i].optional) return Fault{Parse::truncated, {}};
  return {};
}

Result<void> parse_numbered_lines(std::string_view text, std::string_view what, std::span<const Place> places,
                                  std::span<std::optional<std::uint64_t>> numbers) {
  if (text.empty()) return Fault{Parse::empty, what};
  for (std::size_t line = 1; !text.empty(); ++line)
    if (const auto done = take_numbered_line(scan::take_line(text), places, numbers); !done)
      return Fault{done.error().code, what, line};
  if (const auto done = all_numbered_lines_came(places, numbers); !done) return Fault{done.error().code, what};
  return {};
}

}  // namespace vitald
