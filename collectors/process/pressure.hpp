#pragma once
#include "collectors/base/page.hpp"

#include <optional>

namespace vitald::process {

struct Pressure {  // seconds in which some tasks waited, or all were stalled
  std::optional<double> cpu_waiting, io_stalled, io_waiting, irq_stalled, memory_stalled, memory_waiting;
};

// One file of /proc/pressure. Where a line's time is not asked for (nullptr) the line may be there or not.
Result<void> parse_pressure(std::string_view text, std::optional<double>* some, std::optional<double>* full);

}  // namespace vitald::process
