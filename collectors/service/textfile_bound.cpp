// Bounds of buckets and quantiles, as Go writes them.
#include "collectors/service/textfile_piece.hpp"

#include <charconv>
#include <cmath>

namespace vitald::service {

std::string bound_text(double bound) {
  if (std::isinf(bound)) return bound > 0 ? "+Inf" : "-Inf";
  if (std::isnan(bound)) return "NaN";
  if (bound == 0) return "0";
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, bound, std::chars_format::scientific).ptr;
  const std::string text(digits, end);  // "1.25e+06"
  const int exponent = std::stoi(text.substr(text.find('e') + 1));
  if (exponent < -4 || exponent >= 6) return text;
  const auto fixed_end = std::to_chars(digits, digits + sizeof digits, bound, std::chars_format::fixed).ptr;
  return {digits, fixed_end};
}

}  // namespace vitald::service
