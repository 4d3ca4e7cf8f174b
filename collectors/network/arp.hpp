#pragma once
#include "collectors/base/page.hpp"
#include "collectors/base/seen_names.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vitald::network {

struct Neighbours {
  Text device;
  std::uint64_t entries = 0;
};

// /proc/net/arp. `names` keeps its memory from one call to the next.
Result<void> parse_arp(std::string_view text, std::vector<std::string_view>& names, SeenNames& wanted,
                       Sheet<Neighbours>& out);

// The interface's index of an RTM_NEWNEIGH message; none for a neighbour whose address nobody asks for, as
// /proc/net/arp leaves it out.
Result<std::optional<std::uint32_t>> parse_neighbour(std::string_view body);

}  // namespace vitald::network
