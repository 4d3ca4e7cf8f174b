#pragma once
#include <cstdint>
#include <string_view>

namespace vitald::network {

bool parse_fc_counter(std::string_view text, std::uint64_t& out);  // "0x1f"; all ones where the adapter does not count
std::string_view without_0x(std::string_view text);

}  // namespace vitald::network
