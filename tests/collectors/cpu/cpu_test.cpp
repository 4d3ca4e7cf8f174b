#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace cpu_test {

using namespace vitald;

namespace {

const std::string usual =
    "cpu  58 14 114 2002 6 0 226 10 22 26\ncpu0 29 7 57 1001 3 0 113 5 11 13\n"
    "cpu1 1 2 3 4 5 6 7 8 9 10\nintr 5 1\nctxt 4\nbtime 1\n";

const std::string machine =
    "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 207\nmodel name\t: A \"B\"\\C\n"
    "stepping\t: 2\nmicrocode\t: 0x1\ncpu MHz\t\t: 2300.000\ncache size\t: 266240 KB\nphysical id\t: 0\n"
    "core id\t\t: 3\nflags\t\t: fpu vme aes fpu\nbugs\t\t: spectre_v1 its\npower management:\n\n"
    "processor\t: 1\nflags\t\t: other\n\n";

void cpu(const test::Tree& tree, int number, const char* core, const char* count, const char* of_package) {
  const auto below = "sys/devices/system/cpu/cpu" + std::to_string(number);
  tree.dir(below);
  if (core) tree.file(below + "/topology/core_id", std::string(core) + "\n");
  if (core) tree.file(below + "/topology/physical_package_id", "0\n");
  if (count) tree.file(below + "/thermal_throttle/core_throttle_count", std::string(count) + "\n");
  if (of_package) tree.file(below + "/thermal_throttle/package_throttle_count", std::string(of_package) + "\n");
}

}  // namespace

TEST_SUITE("cpu/cpu") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file("proc/stat", usual);
    test::Running running(tree, "cpu");
    const auto text = running.text();
    CHECK(test::lines(text, "node_cpu_seconds_total{cpu=\"0\"") ==
          "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} 10.01\nnode_cpu_seconds_total{cpu=\"0\",mode=\"iowait\"} "
          "0.03\n"
          "node_cpu_seconds_total{cpu=\"0\",mode=\"irq\"} 0\nnode_cpu_seconds_total{cpu=\"0\",mode=\"nice\"} 0.07\n"
          "node_cpu_seconds_total{cpu=\"0\",mode=\"softirq\"} 1.13\nnode_cpu_seconds_total{cpu=\"0\",mode=\"steal\"} "
          "0.05\n"
          "node_cpu_seconds_total{cpu=\"0\",mode=\"system\"} 0.57\nnode_cpu_seconds_total{cpu=\"0\",mode=\"user\"} "
          "0.29\n");
    CHECK(test::lines(text, "node_cpu_guest") ==
          "node_cpu_guest_seconds_total{cpu=\"0\",mode=\"user\"} 0.11\n"
          "node_cpu_guest_seconds_total{cpu=\"1\",mode=\"user\"} 0.09\n"
          "node_cpu_guest_seconds_total{cpu=\"0\",mode=\"nice\"} 0.13\n"
          "node_cpu_guest_seconds_total{cpu=\"1\",mode=\"nice\"} 0.1\n");
    CHECK(test::lines(text, "# TYPE") ==
          "# TYPE node_cpu_guest_seconds_total counter\n# TYPE node_cpu_seconds_total counter\n");
    CHECK(running.json().find(
              R"([{"cpu":"0","guest_user_seconds":0.11,"guest_nice_seconds":0.13,"idle_seconds":10.01,)") !=
          std::string::npos);
  }

  TEST_CASE("guests are left out when not wanted") {
    test::Tree tree;
    tree.file("proc/stat", usual);
    test::Running running(tree, "cpu", {{"collector.cpu.guest", "false"}});
    CHECK(running.text().find("guest_seconds") == std::string::npos);
    CHECK(running.json().find(R"("guest_user_seconds":null)") != std::string::npos);
  }

  TEST_CASE("a text cut anywhere is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running running(tree, "cpu");
    CHECK(state_of(running.collect().error()) == State::absent);
    for (std::size_t n = 0; n < usual.size(); ++n) {
      tree.file("proc/stat", usual.substr(0, n));
      const auto done = running.collect();
      CHECK_MESSAGE((done.has_value() ? n > 40 && usual[n - 1] == '\n' : state_of(done.error()) == State::parse), n);
    }
    tree.file("proc/stat", usual);
    CHECK(running.collect().has_value());
  }

  TEST_CASE("from scrape to scrape counters do not go back, a processor that was away starts again") {
    test::Tree tree;
    test::Running running(tree, "cpu");
    const auto user_of_1 = [&](const std::string& lines) {
      tree.file("proc/stat", lines);
      return test::lines(running.text(), "node_cpu_seconds_total{cpu=\"1\",mode=\"user\"}");
    };
    const std::string user = "node_cpu_seconds_total{cpu=\"1\",mode=\"user\"} ";
    CHECK(user_of_1("cpu0 1 0 0 1 0 0 0 0\ncpu1 50 0 0 400 0 0 0 0\n") == user + "0.5\n");
    CHECK(user_of_1("cpu0 1 0 0 1 0 0 0 0\ncpu1 40 0 0 390 0 0 0 0\n") == user + "0.5\n");
    CHECK(user_of_1("cpu0 1 0 0 1 0 0 0 0\n").empty());
    CHECK(user_of_1("cpu0 1 0 0 1 0 0 0 0\ncpu1 30 0 0 380 0 0 0 0\n") == user + "0.3\n");
    CHECK(user_of_1("cpu1 20 0 0 370 0 0 0 0\n") == user + "0.3\n");
    CHECK(user_of_1("cpu1 10 0 0 80 0 0 0 0\n") == user + "0.1\n");
  }

  TEST_CASE("a fault in between does not make counters go back") {
    test::Tree tree;
    tree.file("proc/stat", "cpu0 9 0 0 9 0 0 0 0\n");
    test::Running running(tree, "cpu");
    CHECK(running.collect().has_value());
    tree.file("proc/stat", "cpu0 3 0 0 3 0 0 0 x\n");
    CHECK(running.collect().has_error());
    tree.file("proc/stat", "cpu0 3 0 0 3 0 0 0 0\n");
    CHECK(test::lines(running.text(), "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"}").ends_with(" 0.09\n"));
  }

  TEST_CASE("what the processors are, when asked for") {
    test::Tree tree;
    tree.file("proc/stat", usual);
    tree.file("proc/cpuinfo", machine);
    test::Running running(tree, "cpu", {{"collector.cpu.info", "true"}});
    const auto text = running.text();
    CHECK(test::lines(text, "node_cpu_info") ==
          "node_cpu_info{cachesize=\"266240 KB\",core=\"3\",cpu=\"0\",family=\"6\",microcode=\"0x1\",model=\"207\","
          "model_name=\"A \\\"B\\\"\\\\C\",package=\"0\",stepping=\"2\",vendor=\"GenuineIntel\"} 1\n"
          "node_cpu_info{cachesize=\"\",core=\"\",cpu=\"1\",family=\"\",microcode=\"\",model=\"\",model_name=\"\","
          "package=\"\",stepping=\"\",vendor=\"\"} 1\n");
    CHECK(text.find("flag_info") == std::string::npos);
    CHECK(text.find("frequency") == std::string::npos);
    tree.file("proc/cpuinfo", "system type\t: of another kind\n");
    CHECK(running.text().find("node_cpu_info{") == std::string::npos);
    CHECK(test::lines(running.text(), "node_cpu_seconds_total").size() > 0);
    tree.remove("proc/cpuinfo");
    CHECK(state_of(running.collect().error()) == State::absent);
  }

  TEST_CASE("flags and bugs of the first processor, by expressions that need not match the whole word") {
    test::Tree tree;
    tree.file("proc/stat", usual);
    tree.file("proc/cpuinfo", machine);
    test::Running flags(tree, "cpu", {{"collector.cpu.info.flags-include", "^(fp|a)"}});
    CHECK(test::lines(flags.text(), "node_cpu_flag") ==
          "node_cpu_flag_info{flag=\"fpu\"} 1\nnode_cpu_flag_info{flag=\"aes\"} 1\n");
    CHECK(test::lines(flags.text(), "node_cpu_info{").size() > 0);
    CHECK(test::lines(flags.text(), "node_cpu_bug").empty());
    CHECK(test::allocations_of([&] { CHECK(flags.collect().has_value()); }) == 0);
    test::Running bugs(tree, "cpu", {{"collector.cpu.info.bugs-include", "spectre"}});
    CHECK(test::lines(bugs.text(), "node_cpu_bug") == "node_cpu_bug_info{bug=\"spectre_v1\"} 1\n");
    CHECK(test::lines(bugs.text(), "node_cpu_info{").size() > 0);
  }

  TEST_CASE("throttling is counted once a core and once a package, by the first in name order that can tell") {
    test::Tree tree;
    tree.file("proc/stat", usual);
    cpu(tree, 0, "0", nullptr, "50");
    cpu(tree, 1, "0", "1", "51");
    cpu(tree, 2, "5", "2", "52");
    cpu(tree, 10, "5", "10", "53");
    cpu(tree, 3, nullptr, "3", "54");
    test::Running running(tree, "cpu");
    const std::string expected =
        "node_cpu_core_throttles_total{core=\"0\",package=\"0\"} 1\n"
        "node_cpu_core_throttles_total{core=\"5\",package=\"0\"} 10\n";
    CHECK(test::lines(running.text(), "node_cpu_core") == expected);
    CHECK(test::lines(running.text(), "node_cpu_package") == "node_cpu_package_throttles_total{package=\"0\"} 50\n");
    CHECK(test::allocations_of([&] { CHECK(running.collect().has_value()); }) == 0);
    tree.file("sys/devices/system/cpu/cpu2/topology/physical_package_id", "-1\n");
    tree.file("sys/devices/system/cpu/cpu10/thermal_throttle/core_throttle_count", "many\n");
    CHECK(test::lines(running.text(), "node_cpu_core") == expected.substr(0, expected.find('\n') + 1));
    tree.remove("sys/devices");
    CHECK(running.text().find("throttles") == std::string::npos);
  }

  TEST_CASE("online is shown where the first processor can say it") {
    test::Tree tree;
    tree.file("proc/stat", usual);
    for (const int number : {0, 1, 2}) cpu(tree, number, nullptr, nullptr, nullptr);
    tree.file("sys/devices/system/cpu/cpu1/online", "1\n");
    test::Running running(tree, "cpu");
    CHECK(running.text().find("node_cpu_online") == std::string::npos);
    tree.file("sys/devices/system/cpu/cpu0/online", "1\n");
    tree.file("sys/devices/system/cpu/cpu1/online", "0\n");
    CHECK(test::lines(running.text(), "node_cpu_online") ==
          "node_cpu_online{cpu=\"0\"} 1\nnode_cpu_online{cpu=\"1\"} 0\n");
    tree.file("sys/devices/system/cpu/cpu0/online", "");
    CHECK(test::lines(running.text(), "node_cpu_online") ==
          "node_cpu_online{cpu=\"0\"} 0\nnode_cpu_online{cpu=\"1\"} 0\n");
    CHECK(test::lines(running.text(), "node_cpu_seconds_total").size() > 0);
  }

  TEST_CASE("isolated processors are read once, when they can be") {
    test::Tree tree;
    tree.file("proc/stat", usual);
    tree.file("sys/devices/system/cpu/isolated", "3-1\n");
    test::Running running(tree, "cpu");
    CHECK(state_of(running.collect().error()) == State::parse);
    tree.file("sys/devices/system/cpu/isolated", "1-2,5\n");
    const std::string expected =
        "node_cpu_isolated{cpu=\"1\"} 1\nnode_cpu_isolated{cpu=\"2\"} 1\nnode_cpu_isolated{cpu=\"5\"} 1\n";
    CHECK(test::lines(running.text(), "node_cpu_isolated") == expected);
    tree.file("sys/devices/system/cpu/isolated", "7\n");
    CHECK(test::lines(running.text(), "node_cpu_isolated") == expected);
  }
}

}  // namespace cpu_test
