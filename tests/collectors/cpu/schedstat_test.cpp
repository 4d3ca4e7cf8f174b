#include "collectors/cpu/schedstat.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace schedstat_test {

using namespace vitald;

namespace {

constexpr std::string_view usual =
    "version 15\ntimestamp 4298765432\n"
    "cpu0 0 0 0 0 0 0 8460340812 221204131 109410\n"
    "domain0 03 1 2 3 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
    "cpu3 7 0 31 32 33 34 1500000001 0 18446744073709551615\n"
    "domain0 03 1 2 3 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

struct Parsed {
  Layout layout{};
  Sheet<cpu::SchedulerTimes> sheet{layout};
  Result<void> operator()(std::string_view text) {
    sheet.rewind();
    return cpu::parse_schedstat(text, sheet);
  }
};

}  // namespace

TEST_SUITE("cpu/schedstat") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file("proc/schedstat", usual);
    test::Running schedstat(tree, "schedstat");
    const auto text = schedstat.text();
    CHECK(test::lines(text, "node_") ==
          "node_schedstat_running_seconds_total{cpu=\"0\"} 8.460340812\n"
          "node_schedstat_running_seconds_total{cpu=\"3\"} 1.500000001\n"
          "node_schedstat_timeslices_total{cpu=\"0\"} 109410\n"
          "node_schedstat_timeslices_total{cpu=\"3\"} 18446744073709551615\n"
          "node_schedstat_waiting_seconds_total{cpu=\"0\"} 0.221204131\n"
          "node_schedstat_waiting_seconds_total{cpu=\"3\"} 0\n");
    CHECK(test::lines(text, "# TYPE node_schedstat_timeslices_total") ==
          "# TYPE node_schedstat_timeslices_total counter\n");
    CHECK(schedstat.json().starts_with(
        R"([{"cpu":"0","running_seconds":8.460340812,"timeslices":109410,"waiting_seconds":0.221204131},)"));
    CHECK(test::allocations_of([&] { CHECK(schedstat.collect().has_value()); }) == 0);
  }

  TEST_CASE("a text cut anywhere but at a line's end, or before the first processor, is a fault") {
    Parsed parse;
    for (std::size_t n = 0; n < usual.size(); ++n) {
      const auto cut = usual.substr(0, n);
      const bool good = cut.ends_with('\n') && cut.find("cpu0") != cut.npos;
      CHECK_MESSAGE(parse(cut).has_value() == good, n);
    }
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    Parsed parse;
    for (const char* line :
         {"cpu1 0 0 0 0 0 0 1 2", "cpu1 0 0 0 0 0 0 1 x 3", "cpu1 0 0 0 0 0 0 -1 2 3", "cpu 0 0 0 0 0 0 1 2 3",
          "cpu01 0 0 0 0 0 0 1 2 3", "cpu0 0 0 0 0 0 0 1 2 3", "cpux 0 0 0 0 0 0 1 2 3", "cpu1"}) {
      const auto done = parse("version 17\ncpu0 0 0 0 0 0 0 1 2 3\n" + std::string(line) + "\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 3, line);
    }
    CHECK(parse("cpu0 0 0 0 0 0 0 1 2 3\n").error().code == Parse::unknown_layout);
  }

  TEST_CASE("what a later kernel says behind the ninth column is passed by") {
    Parsed parse;
    REQUIRE(parse("version 18\ncpu0 0 0 0 0 0 0 1 2 3 4 x\n").has_value());
    REQUIRE(parse.sheet.view().size() == 1);
    CHECK(parse.sheet.view()[0].timeslices == 3);
  }

  TEST_CASE("kernels without it have no data, and a good text is read again after a fault") {
    test::Tree tree;
    test::Running schedstat(tree, "schedstat");
    CHECK(state_of(schedstat.collect().error()) == State::absent);
    tree.file("proc/schedstat", "");
    CHECK(schedstat.collect().error().code == Parse::empty);
    tree.file("proc/schedstat", usual);
    CHECK(schedstat.collect().has_value());
  }
}

}  // namespace schedstat_test
