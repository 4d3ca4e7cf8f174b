#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace powersupplyclass_test {

using namespace vitald;

namespace {

constexpr const char* battery = "sys/class/power_supply/BAT0/";

std::string in_battery(const char* file) { return std::string(battery) + file; }

}  // namespace

TEST_SUITE("hardware/powersupplyclass") {
  TEST_CASE("what a scrape and the API show: only what the supply tells") {
    test::Tree tree;
    tree.file(in_battery("capacity"), "81\n");
    tree.file(in_battery("cycle_count"), "0\n");
    tree.file(in_battery("current_now"), "-1234567\n");
    tree.file(in_battery("temp"), "283\n");
    tree.file(in_battery("manufacturer"), "SMP \n");
    tree.file(in_battery("status"), "Not charging\n");
    tree.file("sys/class/power_supply/AC/online", "1");
    test::Running supplies(tree, "powersupplyclass");
    const auto text = supplies.text();
    CHECK(test::lines(text, "node_power_supply_") ==
          "node_power_supply_info{power_supply=\"AC\"} 1\n"
          "node_power_supply_info{manufacturer=\"SMP\",power_supply=\"BAT0\",status=\"Not charging\"} 1\n"
          "node_power_supply_capacity{power_supply=\"BAT0\"} 81\n"
          "node_power_supply_current_ampere{power_supply=\"BAT0\"} -1.234567\n"
          "node_power_supply_cyclecount{power_supply=\"BAT0\"} 0\n"
          "node_power_supply_online{power_supply=\"AC\"} 1\n"
          "node_power_supply_temp_celsius{power_supply=\"BAT0\"} 28.3\n");
    CHECK(text.find("# TYPE node_power_supply_cyclecount gauge\n") != std::string::npos);
    CHECK(supplies.json().find(R"("capacity":81,)") != std::string::npos);
    CHECK(test::allocations_of([&] { CHECK(supplies.collect().has_value()); }) == 0);
  }

  TEST_CASE("without the class there is no data, with an empty one no supply; supplies may be left out") {
    test::Tree tree;
    test::Running supplies(tree, "powersupplyclass");
    CHECK(state_of(supplies.collect().error()) == State::absent);
    tree.dir("sys/class/power_supply");
    CHECK(supplies.text().empty());
    tree.file(in_battery("capacity"), "81\n");
    tree.file("sys/class/power_supply/hidpp_battery_0/capacity", "3\n");
    test::Running some(tree, "powersupplyclass", {{"collector.powersupply.ignored-supplies", "^hid"}});
    CHECK(supplies.text().find("hidpp_battery_0") != std::string::npos);
    CHECK(some.text().find("hidpp_battery_0") == std::string::npos);
    CHECK(some.text().find("BAT0") != std::string::npos);
  }

  TEST_CASE("what is no number is a fault; what has no answer is no sample; texts may be odd") {
    test::Tree tree;
    test::Running supplies(tree, "powersupplyclass");
    for (const char* bad : {"x\n", "1.5\n", "0x10\n", "1 2\n", "\xff\n"}) {
      tree.file(in_battery("capacity"), bad);
      CHECK_MESSAGE(state_of(supplies.collect().error()) == State::parse, bad);
    }
    tree.file(in_battery("capacity"), "");
    tree.file(in_battery("model_name"), "a \"b\" \\\xff\n");
    CHECK(test::lines(supplies.text(), "node_") ==
          "node_power_supply_info{model_name=\"a \\\"b\\\" \\\\\xEF\xBF\xBD\",power_supply=\"BAT0\"} 1\n");
  }
}

}  // namespace powersupplyclass_test
