#pragma once
// Durations as the peers' flags write them: "100ms", "1.5h", "1h15m30s", "-2us", "0".
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace vitald {
namespace detail {

constexpr std::uint64_t unit_of(std::string_view name) {
  if (name == "ns") return 1;
  if (name == "us" || name == "\u00B5s" || name == "\u03BCs") return 1'000;  // the micro sign, and the Greek letter
  if (name == "ms") return 1'000'000;
  if (name == "s") return 1'000'000'000;
  if (name == "m") return 60'000'000'000;
  if (name == "h") return 3'600'000'000'000;
  return 0;
}

constexpr bool digit(std::string_view text) { return !text.empty() && text.front() >= '0' && text.front() <= '9'; }

// Takes one number with its unit and adds it; false when it is none, or too large.
constexpr bool add_term(std::string_view& text, std::uint64_t& total) {
  constexpr std::uint64_t most = std::uint64_t{1} << 63;
  const auto whole_size = text.size();
  std::uint64_t whole = 0;
  double fraction = 0, scale = 1;
  for (; digit(text); text.remove_prefix(1)) {
    if (whole > most / 10) return false;
    whole = whole * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (whole > most) return false;
  }
  bool any = text.size() != whole_size;
  if (!text.empty() && text.front() == '.') {
    for (text.remove_prefix(1); digit(text); text.remove_prefix(1), any = true)
      if (scale < 1e18) fraction = fraction * 10 + (text.front() - '0'), scale *= 10;
  }
  std::size_t length = 0;
  while (length < text.size() && text[length] != '.' && !digit(text.substr(length))) ++length;
  const auto unit = unit_of(text.substr(0, length));
  if (!any || unit == 0 || whole > most / unit) return false;
  text.remove_prefix(length);
  const auto term = whole * unit + static_cast<std::uint64_t>(fraction * (static_cast<double>(unit) / scale));
  if (term > most || total > most - term) return false;
  total += term;
  return true;
}

}  // namespace detail

// Nothing when the text is no duration, or one beyond 292 years.
constexpr std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return std::chrono::nanoseconds{0};
  if (text.empty()) return std::nullopt;
  std::uint64_t total = 0;
  while (!text.empty())
    if (!detail::add_term(text, total)) return std::nullopt;
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (total > most) {
    if (!negative) return std::nullopt;
    return std::chrono::nanoseconds{std::numeric_limits<std::int64_t>::min()};
  }
  const auto signed_total = static_cast<std::int64_t>(total);
  return std::chrono::nanoseconds{negative ? -signed_total : signed_total};
}

}  // namespace vitald
