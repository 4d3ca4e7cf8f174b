#pragma once
// What Entry::needs says, taken apart.
#include <string>
#include <string_view>
#include <vector>

namespace vitald::check {

struct Need {
  std::string_view sentence;
  std::vector<std::string> capabilities;  // "CAP_DAC_READ_SEARCH"
  std::vector<std::string> unit;          // "ProtectClock=no": lines of a systemd unit
};

std::vector<Need> needs_of(std::string_view sentences);

}  // namespace vitald::check
