#pragma once
// Texts of lines "Key: value".
#include "collectors/base/result.hpp"
#include "collectors/base/scan.hpp"

#include <limits>

namespace vitald::process {

inline bool kibibytes(std::string_view rest, std::uint64_t& out) {
  std::uint64_t kib = 0;
  if (!scan::numbers(rest, kib) || scan::take_word(rest) != "kB") return false;
  if (kib > std::numeric_limits<std::uint64_t>::max() / 1024) return false;
  out = kib * 1024;
  return true;
}

// `take` says of each line how many of the `wanted` keys it was: 0 for others, below that when it is not understood.
template <class Take>
Result<void> each_key(std::string_view text, std::string_view what, int wanted, Take&& take) {
  std::string_view rest;
  for (std::size_t line = 1; !text.empty(); ++line) {
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, what, line};
    const auto key = scan::take_until(rest, ':');
    const int taken = take(key, rest);
    if (taken < 0) return Fault{Parse::not_a_number, what, line};
    wanted -= taken;
  }
  if (wanted > 0) return Fault{Parse::truncated, what};
  return {};
}

}  // namespace vitald::process
