#include "http/encode/numbers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace vitald::encode {
namespace {

char* write_real(char* at, double value) {
  if (value >= 0 && value < 1e5 &&
      !std::signbit(value))  // whole numbers of so few digits look the same, in a tenth of the time
    if (const auto whole = static_cast<std::uint32_t>(value); static_cast<double>(whole) == value)
      return std::to_chars(at, at + most_of_number, whole).ptr;
  if (std::isfinite(value)) return std::to_chars(at, at + most_of_number, value).ptr;
  const std::string_view name = std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return std::ranges::copy(name, at).out;
}

}  // namespace

char* write_number(char* at, const Value& value) {
  if (value.kind == Value::Kind::natural) return std::to_chars(at, at + most_of_number, value.natural).ptr;
  if (value.kind == Value::Kind::integer) return std::to_chars(at, at + most_of_number, value.integer).ptr;
  return write_real(at, value.real);
}

bool same_number(const Value& a, const Value& b) {
  static_assert(sizeof a.natural == sizeof a.integer && sizeof a.natural == sizeof a.real);
  return a.kind == b.kind && std::memcmp(&a.natural, &b.natural, sizeof a.natural) == 0;
}

char* Numbers::write(char* at, const Value& value) {
  if (value.kind != Value::Kind::real) return write_number(at, value);
  if (same_number(value, last_)) return std::ranges::copy(text_, at).out;
  char* const end = write_real(at, value.real);
  last_ = value;
  text_ = {at, end};
  return end;
}

}  // namespace vitald::encode
