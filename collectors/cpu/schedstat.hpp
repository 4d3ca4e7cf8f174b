#pragma once
#include "collectors/base/page.hpp"

namespace vitald::cpu {

struct SchedulerTimes {  // of one processor
  Text cpu;
  double running_seconds = 0, waiting_seconds = 0;
  std::uint64_t timeslices = 0;
};

Result<void> parse_schedstat(std::string_view text, Sheet<SchedulerTimes>& out);  // sched-stats.rst of the kernel

}  // namespace vitald::cpu
