#include "collectors/base/duration.hpp"

#include <cstdint>

namespace vitald {
namespace {

constexpr std::uint64_t limit = std::uint64_t{1} << 63;  // of the negative side, in nanoseconds

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};
constexpr Unit units[] = {{"ns", 1},         {"us", 1'000},        {"\u00b5s", 1'000},    {"\u03bcs", 1'000},
                          {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};

bool digit(char c) { return c >= '0' && c <= '9'; }

std::uint64_t take_unit(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] != '.' && !digit(text[length])) ++length;
  const auto name = text.substr(0, length);
  text.remove_prefix(length);
  for (const auto& unit : units)
    if (unit.name == name) return unit.nanoseconds;
  return 0;
}

bool take_whole(std::string_view& text, std::uint64_t& whole) {
  for (; !text.empty() && digit(text.front()); text.remove_prefix(1)) {
    if (whole > limit / 10) return false;
    whole = whole * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (whole > limit) return false;
  }
  return true;
}

// Digits after the point; those that no nanosecond is left for are stepped over.
std::uint64_t take_fraction(std::string_view& text, double& scale) {
  std::uint64_t fraction = 0;
  for (bool full = false; !text.empty() && digit(text.front()); text.remove_prefix(1)) {
    full = full || fraction > (limit - 10) / 10;
    if (full) continue;
    fraction = fraction * 10 + static_cast<std::uint64_t>(text.front() - '0');
    scale *= 10;
  }
  return fraction;
}

// "1.5h": one number with its unit; 0 and false when it is none, or too large.
bool take_term(std::string_view& text, std::uint64_t& total) {
  std::uint64_t whole = 0, fraction = 0;
  double scale = 1;
  const auto before = text.size();
  if (!take_whole(text, whole)) return false;
  auto digits = before - text.size();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto rest = text.size();
    fraction = take_fraction(text, scale);
    digits += rest - text.size();
  }
  if (digits == 0) return false;
  const auto unit = take_unit(text);
  if (unit == 0 || whole > limit / unit) return false;
  whole *= unit;
  if (fraction > 0)
    whole += static_cast<std::uint64_t>(static_cast<double>(fraction) * (static_cast<double>(unit) / scale));
  if (whole > limit) return false;
  total += whole;  // both are at most 2^63: no wrap can hide an overflow that the next line does not see
  return total <= limit && total >= whole;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return {};
  std::uint64_t total = 0;
  while (!text.empty())
    if (!take_term(text, total)) return {};
  if (negative) return std::chrono::nanoseconds(static_cast<std::int64_t>(~total + 1));
  if (total == limit) return {};
  return std::chrono::nanoseconds(static_cast<std::int64_t>(total));
}

}  // namespace vitald
