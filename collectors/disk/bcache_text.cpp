#include "collectors/disk/bcache_text.hpp"

#include "collectors/base/scan.hpp"

namespace vitald::disk {
namespace {

// 2 to the power of ten times its place, 1 for none; 0 where it is no unit.
double factor(char unit) {
  constexpr std::string_view units = "kMGTPEZY";
  const auto at = units.find(unit);
  if (at == units.npos) return 0;
  double made = 1;
  for (std::size_t i = 0; i <= at; ++i) made *= 1024;
  return made;
}

bool digit(char c) { return c >= '0' && c <= '9'; }

// The value of a line that begins with `name`; empty for other lines.
std::string_view value_of(std::string_view line, std::string_view name) {
  if (!line.starts_with(name)) return {};
  line.remove_prefix(name.size());
  return scan::trimmed(line);
}

}  // namespace

bool parse_human(std::string_view text, std::uint64_t& out) {
  double times = 1;
  if (!text.empty() && !digit(text.back())) {
    times = factor(text.back());
    if (times == 0) return false;
    text.remove_suffix(1);
  }
  const auto point = text.find('.');
  std::uint64_t whole = 0, parts = 0;
  if (!scan::number(text.substr(0, point), whole)) return false;
  if (point != text.npos && !scan::number(text.substr(point + 1), parts)) return false;
  const double value = (static_cast<double>(whole) + static_cast<double>(parts) / 10.24) * times;
  if (value >= 0x1p64) return false;
  out = static_cast<std::uint64_t>(value);
  return true;
}

bool parse_signed_human(std::string_view text, std::int64_t& out) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::uint64_t size = 0;
  if (!parse_human(text, size) || size > static_cast<std::uint64_t>(INT64_MAX)) return false;
  out = negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
  return true;
}

Result<void> parse_writeback(std::string_view text, Writeback& out) {
  constexpr std::string_view source = "writeback_rate_debug";
  struct Line {
    std::string_view name;
    std::optional<std::int64_t> Writeback::*member;
  };
  constexpr Line lines[] = {{"rate:", &Writeback::rate},
                            {"target:", &Writeback::target},
                            {"proportional:", &Writeback::proportional},
                            {"integral:", &Writeback::integral},
                            {"change:", &Writeback::change}};
  out = {};
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = scan::take_line(text);
    for (const auto& [name, member] : lines) {
      if (!line.starts_with(name)) continue;
      auto value = value_of(line, name);
      if (value.ends_with("/sec")) value.remove_suffix(4);
      std::int64_t size = 0;
      if (!parse_signed_human(value, size)) return Fault{Parse::not_a_number, source, number};
      out.*member = size;
    }
  }
  // Kernels before 4.15 tell no "integral:", those before 3.14 no "proportional:" either.
  if (!out.rate || !out.target || !out.change) return Fault{Parse::truncated, source};
  return {};
}

Result<void> parse_priorities(std::string_view text, Priorities& out) {
  constexpr std::string_view source = "priority_stats";
  struct Line {
    std::string_view name;
    std::optional<std::uint64_t> Priorities::*member;
  };
  constexpr Line lines[] = {{"Unused:", &Priorities::unused}, {"Metadata:", &Priorities::metadata}};
  out = {};
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = scan::take_line(text);
    for (const auto& [name, member] : lines) {
      if (!line.starts_with(name)) continue;
      auto value = value_of(line, name);
      if (value.ends_with('%')) value.remove_suffix(1);
      std::uint64_t share = 0;
      if (!scan::number(value, share)) return Fault{Parse::not_a_number, source, number};
      out.*member = share;
    }
  }
  if (!out.unused || !out.metadata) return Fault{Parse::truncated, source};
  return {};
}

}  // namespace vitald::disk
