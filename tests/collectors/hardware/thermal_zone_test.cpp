#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace thermal_zone_test {

using namespace vitald;

namespace {

void zone(const test::Tree& tree, const std::string& name, std::string_view type, std::string_view temp) {
  tree.file("sys/class/thermal/" + name + "/type", type);
  tree.file("sys/class/thermal/" + name + "/temp", temp);
}

void cooler(const test::Tree& tree, const std::string& name, std::string_view now, std::string_view most) {
  tree.file("sys/class/thermal/" + name + "/type", "Processor\n");
  tree.file("sys/class/thermal/" + name + "/cur_state", now);
  tree.file("sys/class/thermal/" + name + "/max_state", most);
}

}  // namespace

TEST_SUITE("hardware/thermal_zone") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    zone(tree, "thermal_zone0", "acpitz\n", "51009\n");
    zone(tree, "thermal_zone12", "a type of more than fifteen letters\n", "-1500\n");
    cooler(tree, "cooling_device0", "0\n", "3\n");
    tree.dir("sys/class/thermal/thermal_message");
    test::Running thermal(tree, "thermal_zone");
    CHECK(thermal.text() ==
          "# HELP node_thermal_zone_temp The zone's temperature in degrees Celsius.\n"
          "# TYPE node_thermal_zone_temp gauge\n"
          "node_thermal_zone_temp{type=\"acpitz\",zone=\"0\"} 51.009\n"
          "node_thermal_zone_temp{type=\"a type of more than fifteen letters\",zone=\"12\"} -1.5\n"
          "# HELP node_cooling_device_cur_state How hard the cooler works.\n"
          "# TYPE node_cooling_device_cur_state gauge\n"
          "node_cooling_device_cur_state{name=\"0\",type=\"Processor\"} 0\n"
          "# HELP node_cooling_device_max_state How hard the cooler can work.\n"
          "# TYPE node_cooling_device_max_state gauge\n"
          "node_cooling_device_max_state{name=\"0\",type=\"Processor\"} 3\n");
    CHECK(thermal.json().starts_with(R"([{"type":"acpitz","zone":"0","celsius":51.009},)"));
    CHECK(test::allocations_of([&] { CHECK(thermal.collect().has_value()); }) == 0);
  }

  TEST_CASE("without the class there is nothing to show, which is no fault; devices come and go") {
    test::Tree tree;
    test::Running thermal(tree, "thermal_zone");
    CHECK(thermal.text().empty());
    zone(tree, "thermal_zone0", "acpitz\n", "1000\n");
    CHECK(thermal.text().find("zone=\"0\"} 1\n") != std::string::npos);
    tree.remove("sys/class/thermal/thermal_zone0");
    CHECK(thermal.text().empty());
  }

  TEST_CASE("a zone that has no answer is at 0, as the peer has it; a cooler that has none is not shown") {
    test::Tree tree;
    zone(tree, "thermal_zone0", "iwlwifi_1\n", "");
    cooler(tree, "cooling_device0", "", "\n");
    test::Running thermal(tree, "thermal_zone");
    CHECK(thermal.text().ends_with("{type=\"iwlwifi_1\",zone=\"0\"} 0\n"));
  }

  TEST_CASE("what the kernel does not write is a fault until it is mended") {
    test::Tree tree;
    test::Running thermal(tree, "thermal_zone");
    for (const char* bad : {"x\n", "1.5\n", "1 2\n", "\xff\n", "99999999999999999999\n"}) {
      zone(tree, "thermal_zone0", "acpitz\n", bad);
      CHECK_MESSAGE(state_of(thermal.collect().error()) == State::parse, bad);
    }
    for (const char* bad : {"", "\n", "a\x01\n", "\xff\n"}) {
      zone(tree, "thermal_zone0", bad, "1000\n");
      CHECK_MESSAGE(state_of(thermal.collect().error()) == State::parse, bad);
    }
    zone(tree, "thermal_zone0", "a \"b\"\n", "1000\n");
    CHECK(thermal.text().find("type=\"a \\\"b\\\"\"") != std::string::npos);
    cooler(tree, "cooling_device0", "1\n", "-\n");
    CHECK(state_of(thermal.collect().error()) == State::parse);
  }
}

}  // namespace thermal_zone_test
