// How bcachefs writes sizes.
#include "collectors/base/scan.hpp"
#include "collectors/filesystem/bcachefs_text.hpp"

#include <algorithm>

namespace vitald::filesystem {
namespace {

// Where a size ends with a unit: 1 for "B"; 0 for what is none.
double factor(std::string_view unit) {
  constexpr std::string_view units = "kmgtpe", big = "KMGTPE";
  if (unit.empty() || unit == "B") return 1;
  auto at = units.find(unit.front());
  if (at == units.npos) at = big.find(unit.front());
  unit.remove_prefix(1);
  if (at == units.npos || (!unit.empty() && unit != "i" && unit != "iB" && unit != "B")) return 0;
  return static_cast<double>(std::uint64_t{1} << (10 * (at + 1)));
}

bool begins_unit(std::string_view word) { return !word.empty() && (word.front() > '9' || word.front() < '-'); }

}  // namespace

bool take_size(std::string_view& line, std::uint64_t& out) {
  const auto word = scan::take_word(line);
  const auto digits = word.substr(0, std::min(word.find_first_not_of("0123456789."), word.size()));
  auto unit = word.substr(digits.size());
  if (unit.empty()) {
    auto rest = line;
    const auto next = scan::take_word(rest);
    if (begins_unit(next) && factor(next) != 0) {
      unit = next;
      line = rest;
    }
  }
  double value = 0;
  const double times = factor(unit);
  if (digits.empty() || digits.back() == '.' || times == 0 || !scan::number(digits, value)) return false;
  value *= times;
  if (value >= 0x1p64) return false;
  out = static_cast<std::uint64_t>(value);
  return true;
}

}  // namespace vitald::filesystem
