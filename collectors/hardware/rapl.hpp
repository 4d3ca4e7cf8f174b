#pragma once
#include "collectors/base/text.hpp"

#include <cstdint>
#include <optional>

namespace vitald::hardware {

struct ZoneName {
  std::string_view name;               // "package", "core"
  std::optional<std::uint64_t> index;  // "package-1" says its own; no other name does
};
ZoneName parse_zone_name(std::string_view text);

// "rapl_package_0_die_1_joules_total" without its first word: what can be no part of a family's name is '_'.
void family_of_zone(std::string_view name, Text& out);

}  // namespace vitald::hardware
