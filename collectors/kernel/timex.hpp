#pragma once
#include "collectors/base/page.hpp"

#include <sys/timex.h>

namespace vitald::kernel {

struct ClockDiscipline {
  double offset_seconds = 0, frequency_ratio = 0, maxerror_seconds = 0, estimated_error_seconds = 0, tick_seconds = 0;
  double pps_frequency_hertz = 0, pps_jitter_seconds = 0, pps_stability_hertz = 0;
  std::int64_t status = 0, loop_time_constant = 0, pps_shift_seconds = 0, tai_offset_seconds = 0, sync_status = 0;
  std::int64_t pps_jitter = 0, pps_calibration = 0, pps_error = 0, pps_stability_exceeded = 0;
};

// What adjtimex(2) filled in and what it returned.
ClockDiscipline clock_discipline(const ::timex& told, int state);

}  // namespace vitald::kernel
