#include "collectors/kernel/time.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <charconv>
#include <ctime>
#include <optional>

namespace time_test {

using namespace vitald;

namespace {

// TZ for the length of a test.
class Zone {
 public:
  explicit Zone(const std::string& zone) {
    if (const char* set = ::getenv("TZ")) before_ = set;
    ::setenv("TZ", zone.c_str(), 1);
  }
  ~Zone() {
    if (before_)
      ::setenv("TZ", before_->c_str(), 1);
    else
      ::unsetenv("TZ");
    ::tzset();
  }

 private:
  std::optional<std::string> before_;
};

// A zone's file (tzfile(5)) without changes: so many seconds east of UTC.
std::string zone_file(std::int32_t seconds, std::string_view name) {
  std::string file("TZif");
  file.append(16, '\0');
  const auto add = [&](std::uint32_t number) {
    for (const int shift : {24, 16, 8, 0}) file += static_cast<char>(number >> shift & 0xff);
  };
  for (const std::uint32_t count : {0u, 0u, 0u, 0u, 1u, static_cast<std::uint32_t>(name.size() + 1)}) add(count);
  add(static_cast<std::uint32_t>(seconds));
  file.append(2, '\0').append(name) += '\0';
  return file;
}

void device(const test::Tree& tree, const std::string& name, std::string_view available, std::string_view current) {
  const auto below = "sys/devices/system/clocksource/" + name;
  tree.file(below + "/available_clocksource", available);
  tree.file(below + "/current_clocksource", current);
}

}  // namespace

TEST_SUITE("kernel/time") {
  TEST_CASE("the time is now, with its fractions") {
    test::Tree tree;
    test::Running time(tree, "time");
    const auto line = test::lines(time.text(), "node_time_seconds ");
    double seconds = 0;
    REQUIRE(std::from_chars(line.data() + 18, line.data() + line.size(), seconds).ec == std::errc{});
    CHECK(std::abs(seconds - static_cast<double>(::time(nullptr))) < 100);
    CHECK(time.json().starts_with(R"([{"time_zone":")"));
  }

  TEST_CASE("the zone is the one at the start, with its distance from UTC") {
    test::Tree tree;
    tree.file("east", zone_file(19800, "+0530"));
    tree.file("west", zone_file(-10800, "XYZ"));
    {
      Zone zone(tree.path("east"));
      test::Running time(tree, "time");
      ::setenv("TZ", tree.path("west").c_str(), 1);  // too late
      CHECK(test::lines(time.text(), "node_time_zone") == "node_time_zone_offset_seconds{time_zone=\"+0530\"} 19800\n");
    }
    Zone zone(":" + tree.path("west"));
    test::Running time(tree, "time");
    CHECK(test::lines(time.text(), "node_time_zone") == "node_time_zone_offset_seconds{time_zone=\"XYZ\"} -10800\n");
  }

  TEST_CASE("a zone that is no file is UTC: one that is not installed, and a rule") {
    test::Tree tree;
    for (const char* none : {"Europe/Nowhere", "CET-1CEST", "<+03>-3", "", "UTC"}) {
      Zone zone(none);
      test::Running time(tree, "time");
      CHECK_MESSAGE(
          test::lines(time.text(), "node_time_zone") == "node_time_zone_offset_seconds{time_zone=\"UTC\"} 0\n", none);
    }
  }

  TEST_CASE("clocksources: those that could be used and the one that is") {
    test::Tree tree;
    device(tree, "clocksource0", "tsc hpet acpi_pm \n", "tsc\n");
    test::Running time(tree, "time");
    CHECK(test::lines(time.text(), "node_time_clocksource") ==
          "node_time_clocksource_available_info{clocksource=\"tsc\",device=\"0\"} 1\n"
          "node_time_clocksource_available_info{clocksource=\"hpet\",device=\"0\"} 1\n"
          "node_time_clocksource_available_info{clocksource=\"acpi_pm\",device=\"0\"} 1\n"
          "node_time_clocksource_current_info{clocksource=\"tsc\",device=\"0\"} 1\n");
    CHECK(time.json().ends_with(R"([{"clocksource":"tsc","device":"0"},{"clocksource":"hpet","device":"0"},)"
                                R"({"clocksource":"acpi_pm","device":"0"}])"));
    CHECK(test::allocations_of([&] { CHECK(time.collect().has_value()); }) == 0);
  }

  TEST_CASE("devices are counted in the order of their names, as the peer does; they may come and go") {
    test::Tree tree;
    test::Running time(tree, "time");
    CHECK(test::lines(time.text(), "node_time_clocksource").empty());
    for (const char* name : {"clocksource1", "clocksource10", "clocksource2", "clocksourceX", "power"})
      device(tree, name, std::string(name) + "\n", std::string(name) + "\n");
    CHECK(test::lines(time.text(), "node_time_clocksource_current") ==
          "node_time_clocksource_current_info{clocksource=\"clocksource1\",device=\"0\"} 1\n"
          "node_time_clocksource_current_info{clocksource=\"clocksource10\",device=\"1\"} 1\n"
          "node_time_clocksource_current_info{clocksource=\"clocksource2\",device=\"2\"} 1\n");
    tree.remove("sys/devices/system/clocksource/clocksource1");
    CHECK(test::lines(time.text(), "node_time_clocksource_current") ==
          "node_time_clocksource_current_info{clocksource=\"clocksource10\",device=\"0\"} 1\n"
          "node_time_clocksource_current_info{clocksource=\"clocksource2\",device=\"1\"} 1\n");
  }

  TEST_CASE("half a device and garbage are faults, and mended ones are read again") {
    test::Tree tree;
    test::Running time(tree, "time");
    device(tree, "clocksource0", "tsc\n", "tsc\n");
    tree.remove("sys/devices/system/clocksource/clocksource0/current_clocksource");
    CHECK(state_of(time.collect().error()) == State::absent);
    for (const char* bad : {"", "\n", " \n", "two words\n", "\xff\xfe\n", "a\x01\n",
                            "a_name_that_is_longer_than_any_of_the_kernel's\n"}) {
      device(tree, "clocksource0", "tsc\n", bad);
      CHECK_MESSAGE(state_of(time.collect().error()) == State::parse, bad);
    }
    device(tree, "clocksource0", "\n", "tsc\n");
    CHECK(state_of(time.collect().error()) == State::parse);
    device(tree, "clocksource0", "tsc\n", "tsc\n");
    CHECK(time.collect().has_value());
  }

  TEST_CASE("a name twice is one series, and one in use that is not on the list is in use all the same") {
    const Table<kernel::Clocksource> table{};
    Sheet<kernel::Clocksource> sheet{table};
    REQUIRE(kernel::parse_clocksources("hpet hpet\n", "od\"d\n", "0", sheet).has_value());
    REQUIRE(sheet.view().size() == 2);
    CHECK((sheet.view()[0].available && !sheet.view()[0].current));
    CHECK((sheet.view()[1].clocksource == "od\"d" && !sheet.view()[1].available && sheet.view()[1].current));
  }
}

}  // namespace time_test
