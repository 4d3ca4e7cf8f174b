#pragma once
// How bcache writes its numbers.
#include "collectors/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitald::disk {

// "1.1M", "546", "0.5k": powers of 1024, and what stands after the point counts as 1/1024ths: the peer's reading of
// the kernel's one digit. Cut to an integer.
bool parse_human(std::string_view text, std::uint64_t& out);
bool parse_signed_human(std::string_view text, std::int64_t& out);  // "-1.1k"

struct Writeback {
  std::optional<std::int64_t> rate, target, proportional, integral, change;
};
Result<void> parse_writeback(std::string_view text, Writeback& out);  // writeback_rate_debug

struct Priorities {
  std::optional<std::uint64_t> unused, metadata;  // per cent
};
Result<void> parse_priorities(std::string_view text, Priorities& out);  // priority_stats

}  // namespace vitald::disk
