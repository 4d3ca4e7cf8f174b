#include "collectors/kernel/timex.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace timex_test {

using namespace vitald;

namespace {

::timex some() {
  ::timex told{};
  told.offset = -2500;
  told.freq = -655360;
  told.maxerror = 500123;
  told.esterror = 16;
  told.status = STA_PLL;
  told.constant = 7;
  told.tick = 10000;
  told.ppsfreq = 65536;
  told.jitter = 3000;
  told.shift = 4;
  told.stabil = 32768;
  told.jitcnt = 11;
  told.calcnt = 12;
  told.errcnt = 13;
  told.stbcnt = 14;
  told.tai = 37;
  return told;
}

}  // namespace

TEST_SUITE("kernel/timex") {
  TEST_CASE("microseconds are seconds, and scaled parts per million are ratios") {
    const auto row = kernel::clock_discipline(some(), TIME_OK);
    CHECK(row.offset_seconds == -0.0025);
    CHECK(row.frequency_ratio == 1 - 1e-5);
    CHECK(row.maxerror_seconds == 0.500123);
    CHECK(row.estimated_error_seconds == 1.6e-05);
    CHECK(row.status == 1);
    CHECK(row.loop_time_constant == 7);
    CHECK(row.tick_seconds == 0.01);
    CHECK(row.pps_frequency_hertz == 1e-6);
    CHECK(row.pps_jitter_seconds == 0.003);
    CHECK(row.pps_shift_seconds == 4);
    CHECK(row.pps_stability_hertz == 5e-7);
    CHECK(row.pps_jitter == 11);
    CHECK(row.pps_calibration == 12);
    CHECK(row.pps_error == 13);
    CHECK(row.pps_stability_exceeded == 14);
    CHECK(row.tai_offset_seconds == 37);
    CHECK(row.sync_status == 1);
  }

  TEST_CASE("where the kernel counts nanoseconds, offset and jitter are such; only an error is out of step") {
    auto told = some();
    told.status |= STA_NANO;
    const auto row = kernel::clock_discipline(told, TIME_ERROR);
    CHECK(row.offset_seconds == -2.5e-06);
    CHECK(row.pps_jitter_seconds == 3e-06);
    CHECK(row.maxerror_seconds == 0.500123);
    CHECK(row.sync_status == 0);
    CHECK(kernel::clock_discipline(told, TIME_WAIT).sync_status == 1);
  }

  TEST_CASE("what a scrape of this machine shows") {
    const test::Tree tree;
    test::Running timex(tree, "timex");
    if (const auto done = timex.collect(); !done) {
      CHECK(state_of(done.error()) == State::permission);  // in a container
      return;
    }
    const auto text = timex.text();
    CHECK(std::ranges::count(test::lines(text, "node_timex_"), '\n') == 17);
    CHECK(test::lines(text, "# TYPE node_timex_pps_error_total") == "# TYPE node_timex_pps_error_total counter\n");
    CHECK(test::allocations_of([&] { CHECK(timex.collect().has_value()); }) == 0);
  }
}

}  // namespace timex_test
