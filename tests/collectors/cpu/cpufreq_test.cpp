#include "collectors/cpu/speeds.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace cpufreq_test {

using namespace vitald;
using test::lines;

namespace {

constexpr const char* root = "sys/devices/system/cpu/";

std::string of(int cpu, const char* file) {
  return std::string(root) + "cpu" + std::to_string(cpu) + "/cpufreq/" + file;
}

void write(const test::Tree& tree) {
  tree.file(std::string(root) + "offline", "\n");
  tree.file(of(0, "scaling_cur_freq"), "1200000\n");
  tree.file(of(0, "scaling_min_freq"), "800000\n");
  tree.file(of(0, "scaling_max_freq"), "3700000\n");
  tree.file(of(0, "scaling_governor"), "powersave\n");
  tree.file(of(0, "scaling_available_governors"), "performance powersave \n");
}

constexpr std::string_view page =
    "# HELP node_cpu_scaling_frequency_hertz Frequency, as the kernel sees it.\n"
    "# TYPE node_cpu_scaling_frequency_hertz gauge\nnode_cpu_scaling_frequency_hertz{cpu=\"0\"} 1200000000\n"
    "# HELP node_cpu_scaling_frequency_max_hertz Highest frequency that is allowed.\n"
    "# TYPE node_cpu_scaling_frequency_max_hertz gauge\nnode_cpu_scaling_frequency_max_hertz{cpu=\"0\"} 3700000000\n"
    "# HELP node_cpu_scaling_frequency_min_hertz Lowest frequency that is allowed.\n"
    "# TYPE node_cpu_scaling_frequency_min_hertz gauge\nnode_cpu_scaling_frequency_min_hertz{cpu=\"0\"} 800000000\n"
    "# HELP node_cpu_scaling_governor 1 for the governor that is chosen, 0 for those that could be.\n"
    "# TYPE node_cpu_scaling_governor gauge\n"
    "node_cpu_scaling_governor{cpu=\"0\",governor=\"performance\"} 0\n"
    "node_cpu_scaling_governor{cpu=\"0\",governor=\"powersave\"} 1\n";

using cpu::listed;
bool is_listed(std::string_view list, std::uint32_t number) { return listed(list, number).value(); }

}  // namespace

TEST_SUITE("cpu/cpufreq") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    write(tree);
    test::Running cpufreq(tree, "cpufreq");
    CHECK(cpufreq.text() == page);
    CHECK(cpufreq.json() ==
          R"([{"cpu":"0","average_hertz":null,"max_hertz":null,"min_hertz":null,"scaling_hertz":1200000000,)"
          R"("scaling_max_hertz":3700000000,"scaling_min_hertz":800000000}])"
          R"([{"cpu":"0","governor":"performance","chosen":0},{"cpu":"0","governor":"powersave","chosen":1}][])");
    CHECK(test::allocations_of([&] { CHECK(cpufreq.collect().has_value()); }) == 0);
  }

  TEST_CASE("what the hardware tells, where it does") {
    test::Tree tree;
    write(tree);
    tree.file(of(0, "cpuinfo_cur_freq"), "2893202\n");
    tree.file(of(0, "cpuinfo_avg_freq"), "2893201\n");
    tree.file(of(0, "cpuinfo_min_freq"), "800000\n");
    tree.file(of(0, "cpuinfo_max_freq"), "3700000\n");
    test::Running cpufreq(tree, "cpufreq");
    const auto text = cpufreq.text();
    CHECK(lines(text, "node_cpu_frequency") ==
          "node_cpu_frequency_avg_hertz{cpu=\"0\"} 2893201000\nnode_cpu_frequency_max_hertz{cpu=\"0\"} 3700000000\n"
          "node_cpu_frequency_min_hertz{cpu=\"0\"} 800000000\nnode_cpu_frequency_hertz{cpu=\"0\"} 2893202000\n");
    for (const char* nothing : {"", "\n", "<unknown>\n"}) {
      tree.file(of(0, "cpuinfo_cur_freq"), nothing);
      CHECK_MESSAGE(lines(cpufreq.text(), "node_cpu_frequency_hertz").empty(), nothing);
    }
    tree.remove(of(0, "scaling_available_governors"));
    CHECK(lines(cpufreq.text(), "node_cpu_scaling_governor").empty());
  }

  TEST_CASE("with the collector cpu's info, what /proc/cpuinfo tells") {
    test::Tree tree;
    write(tree);
    tree.file(of(0, "cpuinfo_cur_freq"), "2893202\n");
    tree.file("proc/cpuinfo",
              "processor\t: 0\ncpu MHz\t\t: 1199.999\nphysical id\t: 1\ncore id\t\t: 2\n\nprocessor\t: 1\ncpu MHz\t\t: "
              "Unknown\n\nprocessor\t: 2\ncpu MHz\t\t: 800.000\nphysical id\t: 0\ncore id\t\t: 0\n\n");
    const std::string both =
        "node_cpu_frequency_hertz{core=\"2\",cpu=\"0\",package=\"1\"} 1199999000\n"
        "node_cpu_frequency_hertz{core=\"0\",cpu=\"2\",package=\"0\"} 8e+08\n"
        "node_cpu_frequency_hertz{core=\"\",cpu=\"0\",package=\"\"} 2893202000\n";
    const auto shown = [&](const test::Flags& flags) {
      return lines(test::Running(tree, "cpufreq", flags).text(), "node_cpu_frequency_hertz");
    };
    CHECK(shown({{"collector.cpu.info", "true"}}) == both);
    CHECK(shown({{"collector.cpu.info.flags-include", "avx"}}) == both);
    CHECK(shown({{"collector.cpu.info.bugs-include", "."}, {"collector.disable-defaults", "false"}}) == both);
    const std::string one = "node_cpu_frequency_hertz{cpu=\"0\"} 2893202000\n";
    CHECK(shown({}) == one);
    CHECK(shown({{"collector.cpu.info", "true"}, {"collector.cpu", "false"}}) == one);
    CHECK(shown({{"collector.cpu.info", "true"}, {"collector.disable-defaults", "true"}}) == one);
    CHECK(shown({{"collector.cpu.info", "true"}, {"collector.disable-defaults", "true"}, {"collector.cpu", "true"}}) ==
          both);
    test::Running cpufreq(tree, "cpufreq", {{"collector.cpu.info", "true"}});
    CHECK(cpufreq.collect().has_value());
    CHECK(test::allocations_of([&] { CHECK(cpufreq.collect().has_value()); }) == 0);
  }

  TEST_CASE("what sysfs tells does not depend on /proc/cpuinfo") {
    test::Tree tree;
    write(tree);
    tree.file(of(0, "cpuinfo_cur_freq"), "2893202\n");
    test::Running cpufreq(tree, "cpufreq", {{"collector.cpu.info", "true"}});
    for (const char* odd : {"words\n", "", "processor\t: 0\ncpu MHz\t\t: 800.000\n\nprocessor\t: x\n",
                            "processor\t: 0\ncpu MHz\t\t: fast\n", "processor\t: 0\ncpu MHz\t\t: 800.000", "missing"}) {
      tree.file("proc/cpuinfo", odd);
      if (odd == std::string_view("missing")) tree.remove("proc/cpuinfo");
      const auto text = cpufreq.text();
      CHECK_MESSAGE(text.find(page) != text.npos, odd);
      CHECK(lines(text, "node_cpu_frequency_hertz") ==
            "node_cpu_frequency_hertz{core=\"\",cpu=\"0\",package=\"\"} 2893202000\n");
    }
  }

  TEST_CASE("processors that are offline are left out, and come back") {
    test::Tree tree;
    write(tree);
    for (int i = 1; i < 12; ++i) tree.file(of(i, "scaling_cur_freq"), "1000000\n");
    tree.dir(std::string(root) + "cpufreq");
    tree.dir(std::string(root) + "cpuidle");
    tree.file(std::string(root) + "offline", "0,2-9,11\n");
    test::Running cpufreq(tree, "cpufreq");
    CHECK(lines(cpufreq.text(), "node_cpu_scaling_frequency_hertz") ==
          "node_cpu_scaling_frequency_hertz{cpu=\"1\"} 1000000000\n"
          "node_cpu_scaling_frequency_hertz{cpu=\"10\"} 1000000000\n");
    tree.file(std::string(root) + "offline", "2-8191\n");
    CHECK(lines(cpufreq.text(), "node_cpu_scaling_frequency_hertz") ==
          "node_cpu_scaling_frequency_hertz{cpu=\"0\"} 1200000000\n"
          "node_cpu_scaling_frequency_hertz{cpu=\"1\"} 1000000000\n");
    tree.remove(std::string(root) + "offline");
    CHECK(state_of(cpufreq.collect().error()) == State::absent);
  }

  TEST_CASE("no processors, no data; processors that tell nothing are no failure") {
    test::Tree tree;
    test::Running cpufreq(tree, "cpufreq");
    CHECK(state_of(cpufreq.collect().error()) == State::absent);
    tree.file(std::string(root) + "offline", "\n");
    CHECK(state_of(cpufreq.collect().error()) == State::absent);
    CHECK(to_string(cpufreq.collect().error()) == "cpufreq: processors: no data");
    tree.dir(std::string(root) + "cpu0");
    CHECK(cpufreq.text().empty());
    write(tree);
    CHECK(cpufreq.text() == page);
  }

  TEST_CASE("what is no number is a fault, and heals") {
    test::Tree tree;
    write(tree);
    test::Running cpufreq(tree, "cpufreq");
    const auto offline = std::string(root) + "offline";
    for (const auto& file : {of(0, "scaling_cur_freq"), of(0, "scaling_max_freq"), offline})
      for (const char* text : {"x\n", "-1\n", "18446744073709552\n", "3-1\n", "0x1\n"}) {
        tree.file(file, text);
        const auto done = cpufreq.collect();
        CHECK_MESSAGE((done.has_error() && state_of(done.error()) == State::parse), file << ": " << text);
        write(tree);
        CHECK(cpufreq.text() == page);
      }
  }

  TEST_CASE("copies made by hand may lack the lines' ends") {
    test::Tree tree;
    write(tree);
    for (const auto& [file, text] : {std::pair{"scaling_cur_freq", "1200000"},
                                     {"scaling_governor", "powersave"},
                                     {"scaling_available_governors", "performance powersave"}})
      tree.file(of(0, file), text);
    test::Running cpufreq(tree, "cpufreq");
    for (const char* offline : {"", "3"}) {
      tree.file(std::string(root) + "offline", offline);
      CHECK_MESSAGE(cpufreq.text() == page, offline);
    }
    tree.file(std::string(root) + "offline", "0");
    CHECK(cpufreq.text().empty());
  }

  TEST_CASE("lists of the kernel") {
    CHECK_FALSE(is_listed("", 0));
    CHECK_FALSE(is_listed("\n", 0));
    CHECK(is_listed("0\n", 0));
    CHECK(is_listed("1-3,7\n", 3));
    CHECK_FALSE(is_listed("1-3,7\n", 4));
    CHECK(is_listed("1-3,7\n", 7));
    CHECK(is_listed("1-3,7", 7));
    for (const char* odd : {"1-\n", "-1\n", "1--2\n", "1,,2\n", "1 2\n", "4294967296\n"})
      CHECK_MESSAGE(listed(odd, 1).has_error(), odd);
  }
}

}  // namespace cpufreq_test
