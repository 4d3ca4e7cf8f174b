#include "collectors/hardware/hwmon_names.hpp"

#include "collectors/base/scan.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace hwmon_test {

using namespace vitald;
using namespace vitald::hardware;

namespace {

void chip(const test::Tree& tree, const std::string& folder, const std::string& device, std::string_view name) {
  const auto path = "sys/devices/" + device + "/hwmon/" + folder;
  tree.link("sys/class/hwmon/" + folder, "../../devices/" + device + "/hwmon/" + folder);
  tree.file(path + "/name", std::string(name) + "\n");
  tree.link(path + "/device", "../../../" + device.substr(device.rfind('/') + 1));
}

std::string sensors(test::Running& hwmon) { return test::lines(hwmon.text(), "node_hwmon_"); }

std::string family(std::string_view name, bool plain = false, bool labelled = false) {
  const auto file = parse_sensor_file(name);
  if (!file) return "no sensor";
  const auto meaning = meaning_of(*file, plain, labelled);
  return meaning ? meaning->family + (meaning->counter ? " counter" : "") : "none";
}

}  // namespace

TEST_SUITE("hardware/hwmon") {
  TEST_CASE("a file's name is a type, a number and a property") {
    const auto file = parse_sensor_file("temp12_crit_alarm");
    REQUIRE(file.has_value());
    CHECK((file->type == "temp" && file->number == "12" && file->property == "crit_alarm"));
    CHECK(parse_sensor_file("beep_enable")->property.empty());
    for (const char* other : {"", "name", "temp_input", "temp1input", "temp1_", "1_input", "uevent", "tempx1_input"})
      CHECK_MESSAGE(!parse_sensor_file(other), other);
  }

  TEST_CASE("families say the unit") {
    CHECK(family("temp1_input") == "temp_celsius");
    CHECK(family("temp1_input", true) == "temp_input_celsius");
    CHECK(family("temp1") == "temp_celsius");
    CHECK(family("temp1_crit_alarm") == "temp_crit_alarm_celsius");
    CHECK(family("temp1_alarm") == "temp_alarm");
    CHECK(family("temp1_type") == "temp_type");
    CHECK(family("temp1_beep") == "temp_beep_enabled");
    CHECK(family("fan1") == "fan");
    CHECK(family("fan1_input") == "fan_rpm");
    CHECK(family("fan1_div") == "fan_div");
    CHECK(family("energy1_input") == "energy_joule_total counter");
    CHECK(family("power1_accuracy") == "power_accuracy");
    CHECK(family("power1_average_interval_min") == "power_average_interval_min_seconds");
    CHECK(family("power1_average") == "power_average_watt");
    CHECK(family("humidity1_input") == "humidity");
    CHECK(family("cpu0_vid") == "cpu_vid_volts");
    CHECK(family("curr1_input") == "curr_amps");
    CHECK(family("freq1_input") == "none");
    CHECK(family("freq1_input", false, true) == "freq_freq_mhz");
    CHECK(family("temp1_label") == "none");
    CHECK(family("vrm") == "voltage_regulator_version");
    CHECK(family("beep_enable") == "beep_enabled");
    CHECK(family("update_interval") == "update_interval_seconds");
  }

  TEST_CASE("labels have lower case letters, digits, colons and underscores") {
    CHECK(cleaned("  Core-0 (C\xc3\xbc) ") == "core_0__c");
    CHECK(cleaned("___").empty());
    CHECK(chip_of_device("/sys/devices/platform/coretemp.0") == "platform_coretemp_0");
    CHECK(chip_of_device("/sys/devices/pci0000:00/0000:00:18.3") == "pci0000:00_0000:00:18_3");
    CHECK(chip_of_device("/sys") == "sys");
    CHECK(chip_of_device("").empty());
    double number = 0;
    CHECK((parse_sensor("-2051", number) && number == -2051));
    for (const char* bad : {"", "-", "--1", "+1", "x", "1 ", "nan", "inf", "0x1"})
      CHECK_MESSAGE(!parse_sensor(bad, number), bad);
  }

  TEST_CASE("what a scrape and the API show, to the peer's last digit") {
    test::Tree tree;
    chip(tree, "hwmon0", "platform/coretemp.0", "coretemp");
    tree.file("sys/class/hwmon/hwmon0/temp1_input", "1009\n");
    tree.file("sys/class/hwmon/hwmon0/temp1_label", " Core 0\n");
    tree.file("sys/class/hwmon/hwmon0/device/temp1_max", "51\n");
    tree.file("sys/class/hwmon/hwmon0/energy1_input", "57007\n");
    tree.file("sys/class/hwmon/hwmon0/in1_input", "n/a\n");
    test::Running hwmon(tree, "hwmon");
    CHECK(hwmon.text() ==
          "# HELP node_hwmon_chip_names What a chip calls itself; always 1.\n"
          "# TYPE node_hwmon_chip_names gauge\n"
          "node_hwmon_chip_names{chip=\"platform_coretemp_0\",chip_name=\"coretemp\"} 1\n"
          "# HELP node_hwmon_sensor_label What a sensor is for, by its driver; always 1.\n"
          "# TYPE node_hwmon_sensor_label gauge\n"
          "node_hwmon_sensor_label{chip=\"platform_coretemp_0\",label=\" Core 0\",sensor=\"temp1\"} 1\n"
          "# HELP node_hwmon_temp_celsius What a sensor says, in the name's unit.\n"
          "# TYPE node_hwmon_temp_celsius gauge\n"
          "node_hwmon_temp_celsius{chip=\"platform_coretemp_0\",sensor=\"temp1\"} 1.0090000000000001\n"
          "# HELP node_hwmon_temp_max_celsius What a sensor says, in the name's unit.\n"
          "# TYPE node_hwmon_temp_max_celsius gauge\n"
          "node_hwmon_temp_max_celsius{chip=\"platform_coretemp_0\",sensor=\"temp1\"} 0.051000000000000004\n"
          "# HELP node_hwmon_energy_joule_total What a sensor counted.\n"
          "# TYPE node_hwmon_energy_joule_total counter\n"
          "node_hwmon_energy_joule_total{chip=\"platform_coretemp_0\",sensor=\"energy1\"} 0.057007\n");
    CHECK(hwmon.json().starts_with(R"([{"chip":"platform_coretemp_0","chip_name":"coretemp"}])"));
    CHECK(test::allocations_of([&] { CHECK(hwmon.collect().has_value()); }) == 0);
    tree.file("sys/class/hwmon/hwmon0/fan1_input", "900\n");
    CHECK(sensors(hwmon).find("node_hwmon_fan_rpm{chip=\"platform_coretemp_0\",sensor=\"fan1\"} 900\n") !=
          std::string::npos);
    tree.remove("sys/class/hwmon/hwmon0");
    CHECK(sensors(hwmon).empty());
  }

  TEST_CASE("a label may say nothing, and is one all the same") {
    test::Tree tree;
    chip(tree, "hwmon0", "platform/coretemp.0", "coretemp");
    tree.file("sys/class/hwmon/hwmon0/temp1_input", "1000\n");
    test::Running hwmon(tree, "hwmon");
    CHECK(sensors(hwmon).find("sensor_label") == std::string::npos);
    for (const auto& [text, label] : {std::pair("\n", ""), std::pair("<unknown>\n", "<unknown>")}) {
      tree.file("sys/class/hwmon/hwmon0/temp1_label", text);
      CHECK(sensors(hwmon).find("node_hwmon_sensor_label{chip=\"platform_coretemp_0\",label=\"" + std::string(label) +
                                "\",sensor=\"temp1\"} 1\n") != std::string::npos);
    }
  }

  TEST_CASE("without the class there is no data; a chip without a device is called by its name, or its folder") {
    test::Tree tree;
    test::Running hwmon(tree, "hwmon");
    CHECK(state_of(hwmon.collect().error()) == State::absent);
    tree.file("sys/class/hwmon/hwmon0/name", "My Chip\n");
    tree.file("sys/class/hwmon/hwmon0/fan1_input", "1\n");
    tree.file("sys/class/hwmon/hwmon1/fan1_input", "2\n");
    CHECK(sensors(hwmon) ==
          "node_hwmon_chip_names{chip=\"my_chip\",chip_name=\"my_chip\"} 1\n"
          "node_hwmon_fan_rpm{chip=\"hwmon1\",sensor=\"fan1\"} 2\n"
          "node_hwmon_fan_rpm{chip=\"my_chip\",sensor=\"fan1\"} 1\n");
  }

  TEST_CASE("chips of one device are told apart by name, and where these are alike by folder") {
    test::Tree tree;
    for (const auto& [folder, name] : {std::pair{"hwmon0", "a"}, {"hwmon1", "b"}, {"hwmon2", "b"}, {"hwmon3", ""}})
      chip(tree, folder, "pci/card", name);
    for (const char* folder : {"hwmon0", "hwmon1", "hwmon2", "hwmon3"})
      tree.file(std::string("sys/devices/pci/card/hwmon/") + folder + "/fan1_input", "1\n");
    test::Running hwmon(tree, "hwmon");
    CHECK(test::lines(hwmon.text(), "node_hwmon_fan") ==
          "node_hwmon_fan_rpm{chip=\"pci_card_a\",sensor=\"fan1\"} 1\n"
          "node_hwmon_fan_rpm{chip=\"pci_card_hwmon1\",sensor=\"fan1\"} 1\n"
          "node_hwmon_fan_rpm{chip=\"pci_card_hwmon2\",sensor=\"fan1\"} 1\n"
          "node_hwmon_fan_rpm{chip=\"pci_card_hwmon3\",sensor=\"fan1\"} 1\n");
  }

  TEST_CASE("chips and sensors are chosen by flags; no series comes twice") {
    test::Tree tree;
    chip(tree, "hwmon0", "platform/a", "a");
    chip(tree, "hwmon1", "platform/b", "b");
    for (const char* file : {"hwmon0/fan1_input", "hwmon0/fan2_input", "hwmon0/fan02_input", "hwmon1/fan1_input"})
      tree.file(std::string("sys/class/hwmon/") + file, "1\n");
    const auto shown = [&](const test::Flags& flags) {
      test::Running hwmon(tree, "hwmon", flags);
      std::string all;
      const auto text = test::lines(hwmon.text(), "node_hwmon_fan");
      for (std::string_view rest = text; !rest.empty();) {
        const auto line = scan::take_line(rest);
        all.append(line.substr(34, 1)).append(line.substr(45, 4)).append(" ");
      }
      return all;
    };
    CHECK(shown({}) == "afan1 afan2 bfan1 ");
    CHECK(shown({{"collector.hwmon.chip-exclude", "a"}}) == "");
    CHECK(shown({{"collector.hwmon.chip-exclude", "_a$"}}) == "bfan1 ");
    CHECK(shown({{"collector.hwmon.chip-include", "_a$"}}) == "afan1 afan2 ");
    CHECK(shown({{"collector.hwmon.sensor-exclude", "^platform_a;fan1$"}}) == "afan2 bfan1 ");
    CHECK(shown({{"collector.hwmon.sensor-include", "fan1"}}) == "afan1 bfan1 ");
  }
}

}  // namespace hwmon_test
