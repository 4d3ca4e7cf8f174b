#pragma once
// Durations as Go writes them, because the peers' flags and files do: "500ms", "1m30s", "1.5h", "0".
#include <chrono>
#include <optional>
#include <string_view>

namespace vitald {

// Units are h, m, s, ms, us (also with either micro sign) and ns, each after a decimal number, in any order and as
// often as liked; a sign may stand before all. Nothing for any other text, and for what 64 bits of nanoseconds cannot
// hold.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

}  // namespace vitald
