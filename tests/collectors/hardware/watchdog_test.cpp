#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace watchdog_test {

using namespace vitald;

namespace {

constexpr std::string_view first = "sys/devices/pci0000:00/0000:00:1f.0/iTCO_wdt/watchdog/watchdog0";

std::string in_first(std::string_view file) { return std::string(first) + "/" + std::string(file); }

void write_first(const test::Tree& tree) {
  tree.link("sys/class/watchdog/watchdog0", "../../devices/pci0000:00/0000:00:1f.0/iTCO_wdt/watchdog/watchdog0");
  tree.file(in_first("identity"), "iTCO_wdt\n");
  tree.file(in_first("options"), "0x8180\n");
  tree.file(in_first("state"), "active\n");
  tree.file(in_first("status"), "0x8000\n");
  tree.file(in_first("pretimeout_governor"), "noop\n");
  tree.file(in_first("bootstatus"), "0\n");
  tree.file(in_first("fw_version"), "4\n");
  tree.file(in_first("nowayout"), "1\n");
  tree.file(in_first("pretimeout"), "120\n");
  tree.file(in_first("timeleft"), "28\n");
  tree.file(in_first("timeout"), "30\n");
}

}  // namespace

TEST_SUITE("hardware/watchdog") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    write_first(tree);
    tree.dir("sys/class/watchdog/watchdog1");
    tree.file("sys/class/watchdog/watchdog1/access_cs0", "0\n");
    test::Running watchdog(tree, "watchdog");
    CHECK(watchdog.text() ==
          "# HELP node_watchdog_access_cs0 Whether it boots from the second flash memory (1) or not.\n"
          "# TYPE node_watchdog_access_cs0 gauge\nnode_watchdog_access_cs0{name=\"watchdog1\"} 0\n"
          "# HELP node_watchdog_bootstatus Why the machine was started, as bits of the driver.\n"
          "# TYPE node_watchdog_bootstatus gauge\nnode_watchdog_bootstatus{name=\"watchdog0\"} 0\n"
          "# HELP node_watchdog_fw_version The version of its firmware.\n"
          "# TYPE node_watchdog_fw_version gauge\nnode_watchdog_fw_version{name=\"watchdog0\"} 4\n"
          "# HELP node_watchdog_info What the watchdog is, and whether it runs; always 1.\n"
          "# TYPE node_watchdog_info gauge\n"
          "node_watchdog_info{identity=\"iTCO_wdt\",name=\"watchdog0\",options=\"0x8180\","
          "pretimeout_governor=\"noop\",state=\"active\",status=\"0x8000\"} 1\n"
          "node_watchdog_info{identity=\"\",name=\"watchdog1\",options=\"\",pretimeout_governor=\"\",state=\"\","
          "status=\"\"} 1\n"
          "# HELP node_watchdog_nowayout Whether it cannot be stopped any more (1) or can (0).\n"
          "# TYPE node_watchdog_nowayout gauge\nnode_watchdog_nowayout{name=\"watchdog0\"} 1\n"
          "# HELP node_watchdog_pretimeout_seconds How long before the end it warns.\n"
          "# TYPE node_watchdog_pretimeout_seconds gauge\nnode_watchdog_pretimeout_seconds{name=\"watchdog0\"} 120\n"
          "# HELP node_watchdog_timeleft_seconds What is left until it restarts the machine.\n"
          "# TYPE node_watchdog_timeleft_seconds gauge\nnode_watchdog_timeleft_seconds{name=\"watchdog0\"} 28\n"
          "# HELP node_watchdog_timeout_seconds How long it waits for a sign of life.\n"
          "# TYPE node_watchdog_timeout_seconds gauge\nnode_watchdog_timeout_seconds{name=\"watchdog0\"} 30\n");
    CHECK(watchdog.json().starts_with(
        R"([{"name":"watchdog0","identity":"iTCO_wdt","options":"0x8180","pretimeout_governor":"noop",)"));
    CHECK(test::allocations_of([&] { CHECK(watchdog.collect().has_value()); }) == 0);
  }

  TEST_CASE("without the class there is no data, with an empty one there are no watchdogs") {
    test::Tree tree;
    test::Running watchdog(tree, "watchdog");
    CHECK(state_of(watchdog.collect().error()) == State::absent);
    tree.dir("sys/class/watchdog");
    CHECK(watchdog.text().empty());
    write_first(tree);
    CHECK(watchdog.text().find("watchdog0") != std::string::npos);
    tree.remove("sys/class/watchdog/watchdog0");
    CHECK(watchdog.text().empty());
  }

  TEST_CASE("what the kernel does not write is a fault, and the next good text is read again") {
    test::Tree tree;
    write_first(tree);
    test::Running watchdog(tree, "watchdog");
    for (const char* bad : {"x", "x\n", "3 0\n", "0x1e\n", "30\n30\n", "\xff\n"}) {
      tree.file(in_first("timeout"), bad);
      CHECK_MESSAGE(state_of(watchdog.collect().error()) == State::parse, bad);
    }
    for (const char* nothing : {"", "\n", " \n", "<unknown>\n"}) {
      tree.file(in_first("timeout"), nothing);
      CHECK_MESSAGE(watchdog.text().find("node_watchdog_timeout_seconds") == std::string::npos, nothing);
    }
    write_first(tree);
    tree.file(in_first("fw_version"), "-2147483648\n");  // the kernel writes an unsigned number by %d
    CHECK(watchdog.text().find("node_watchdog_fw_version{name=\"watchdog0\"} -2147483648\n") != std::string::npos);
    CHECK(watchdog.text().ends_with("node_watchdog_timeout_seconds{name=\"watchdog0\"} 30\n"));
  }

  TEST_CASE("an identity may be any text") {
    test::Tree tree;
    write_first(tree);
    tree.file(in_first("identity"), "a \"b\" \\ c\xff\n");
    test::Running watchdog(tree, "watchdog");
    CHECK(watchdog.text().find("{identity=\"a \\\"b\\\" \\\\ c\xEF\xBF\xBD\",name=\"watchdog0\"") != std::string::npos);
  }
}

}  // namespace watchdog_test
