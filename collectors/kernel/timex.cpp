// How the kernel's clock is steered, by adjtimex(2).
#include "collectors/kernel/timex.hpp"

#include "collectors/base/collector.hpp"

namespace vitald::kernel {

// ---- parse: the kernel's numbers -> rows

ClockDiscipline clock_discipline(const ::timex& told, int state) {
  constexpr double micro = 1e6, frequency_unit = 1e6 * 65536;  // parts per million, with 16 bits behind the point
  const double unit = told.status & STA_NANO ? 1e9 : micro;
  ClockDiscipline row;
  row.offset_seconds = static_cast<double>(told.offset) / unit;
  row.frequency_ratio = 1 + static_cast<double>(told.freq) / frequency_unit;
  row.maxerror_seconds = static_cast<double>(told.maxerror) / micro;
  row.estimated_error_seconds = static_cast<double>(told.esterror) / micro;
  row.tick_seconds = static_cast<double>(told.tick) / micro;
  row.pps_frequency_hertz = static_cast<double>(told.ppsfreq) / frequency_unit;
  row.pps_jitter_seconds = static_cast<double>(told.jitter) / unit;
  row.pps_stability_hertz = static_cast<double>(told.stabil) / frequency_unit;
  row.status = told.status;
  row.loop_time_constant = told.constant;
  row.pps_shift_seconds = told.shift;
  row.tai_offset_seconds = told.tai;
  row.sync_status = state != TIME_ERROR;
  row.pps_jitter = told.jitcnt;
  row.pps_calibration = told.calcnt;
  row.pps_error = told.errcnt;
  row.pps_stability_exceeded = told.stbcnt;
  return row;
}

// ---- describe: rows -> families, JSON, handbook

namespace {

using Clock = ClockDiscipline;
constexpr Column columns[] = {
    gauge<&Clock::estimated_error_seconds>("timex_estimated_error_seconds", "By how much the clock is likely off."),
    gauge<&Clock::frequency_ratio>("timex_frequency_adjustment_ratio", "By what the clock's own pace is multiplied."),
    gauge<&Clock::loop_time_constant>("timex_loop_time_constant", "How slowly the phase-locked loop steers."),
    gauge<&Clock::maxerror_seconds>("timex_maxerror_seconds", "By how much the clock can be off at the most."),
    gauge<&Clock::offset_seconds>("timex_offset_seconds", "What is still to be corrected of the clock's time."),
    counter<&Clock::pps_calibration>("timex_pps_calibration_total", "Intervals measured by pulses per second."),
    counter<&Clock::pps_error>("timex_pps_error_total", "Intervals of pulses per second that could not be used."),
    gauge<&Clock::pps_frequency_hertz>("timex_pps_frequency_hertz", "The frequency by pulses per second."),
    gauge<&Clock::pps_jitter_seconds>("timex_pps_jitter_seconds", "How much pulses per second scatter."),
    counter<&Clock::pps_jitter>("timex_pps_jitter_total", "Pulses per second that scattered too much."),
    gauge<&Clock::pps_shift_seconds>("timex_pps_shift_seconds", "How long an interval of pulses per second is."),
    counter<&Clock::pps_stability_exceeded>("timex_pps_stability_exceeded_total",
                                            "Intervals whose frequency had wandered too far."),
    gauge<&Clock::pps_stability_hertz>("timex_pps_stability_hertz", "How much the frequency by pulses wanders."),
    gauge<&Clock::status>("timex_status", "The STA_ bits of adjtimex(2), as a number."),
    gauge<&Clock::sync_status>("timex_sync_status", "1 where the clock is kept right by a reliable one, else 0."),
    gauge<&Clock::tai_offset_seconds>("timex_tai_offset_seconds", "By how much International Atomic Time is ahead."),
    gauge<&Clock::tick_seconds>("timex_tick_seconds", "By how much the clock moves on with each tick."),
};
constinit const Table<Clock> table{{"timex", "adjtimex(2)", {}, columns}};

// ---- read: kernel -> numbers

class Timex final : public Collector {
 public:
  explicit Timex(const Environment&) {}
  Result<void> collect(Page& page) override {
    ::timex told{};  // nothing is to be changed
    const int state = ::adjtimex(&told);
    if (state < 0) return system_fault("adjtimex");
    page.sheet(table).next() = clock_discipline(told, state);
    return {};
  }
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry timex;
constinit const Entry timex{
    "timex",
    "How the clock is steered.",
    true,
    Entry::Runs::fast,
    make<Timex>,
    layouts,
    {},
    "Leave to call clock_adjtime(2), so in a systemd unit ProtectClock=no and SystemCallFilter=clock_adjtime."};

}  // namespace vitald::kernel
