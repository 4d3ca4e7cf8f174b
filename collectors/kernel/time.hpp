#pragma once
#include "collectors/base/page.hpp"

namespace vitald::kernel {

struct Clocksource {
  Text clocksource, device;
  bool available = false, current = false;
};

// What one clocksource device may use and does use; the device's rows are added.
Result<void> parse_clocksources(std::string_view available, std::string_view current, std::string_view device,
                                Sheet<Clocksource>& out);

}  // namespace vitald::kernel
