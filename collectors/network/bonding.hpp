#pragma once
#include "collectors/base/result.hpp"

namespace vitald::network {

// The one line of names in bonding_masters, or in a bond's `slaves`; an empty text when there are none.
Result<std::string_view> parse_interfaces(std::string_view text);

Result<bool> parse_link_status(std::string_view text);  // a slave's mii_status: whether it is up

}  // namespace vitald::network
