#include "collectors/kernel/stat.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace stat_test {

using namespace vitald;

namespace {

const std::string usual =
    "cpu  29 7 57 1001 3 0 113 5 11 13\ncpu0 29 7 57 1001 3 0 113 5 11 13\n"
    "intr 233276 0 0 24 1 \nctxt 400225\nbtime 1795444978\nprocesses 6310\nprocs_running 7\nprocs_blocked 1\n"
    "softirq 177370 1 20013 4 1076 89399 0 2 35907 8 30969\n";

std::string without(std::string_view line) {
  std::string text = usual;
  const auto at = text.find(line);
  return text.erase(at, text.find('\n', at) + 1 - at);
}

}  // namespace

TEST_SUITE("kernel/stat") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file("proc/stat", usual);
    test::Running stat(tree, "stat");
    CHECK(test::lines(stat.text(), "node_") ==
          "node_boot_time_seconds 1795444978\nnode_context_switches_total 400225\nnode_forks_total 6310\n"
          "node_intr_total 233276\nnode_procs_blocked 1\nnode_procs_running 7\n");
    CHECK(test::lines(stat.text(), "# TYPE") ==
          "# TYPE node_boot_time_seconds gauge\n# TYPE node_context_switches_total counter\n"
          "# TYPE node_forks_total counter\n# TYPE node_intr_total counter\n"
          "# TYPE node_procs_blocked gauge\n# TYPE node_procs_running gauge\n");
    CHECK(stat.json() ==
          R"([{"boot_time_seconds":1795444978,"context_switches":400225,"forks":6310,"interrupts":233276,)"
          R"("procs_blocked":1,"procs_running":7}])");
  }

  TEST_CASE("soft interrupts are shown when asked for, ten vectors") {
    test::Tree tree;
    tree.file("proc/stat", usual);
    test::Running stat(tree, "stat", {{"collector.stat.softirq", "true"}});
    CHECK(test::lines(stat.text(), "node_softirqs") ==
          "node_softirqs_total{vector=\"hi\"} 1\nnode_softirqs_total{vector=\"timer\"} 20013\n"
          "node_softirqs_total{vector=\"net_tx\"} 4\nnode_softirqs_total{vector=\"net_rx\"} 1076\n"
          "node_softirqs_total{vector=\"block\"} 89399\nnode_softirqs_total{vector=\"block_iopoll\"} 0\n"
          "node_softirqs_total{vector=\"tasklet\"} 2\nnode_softirqs_total{vector=\"sched\"} 35907\n"
          "node_softirqs_total{vector=\"hrtimer\"} 8\nnode_softirqs_total{vector=\"rcu\"} 30969\n");
    CHECK(test::allocations_of([&] { CHECK(stat.collect().has_value()); }) == 0);
    tree.file("proc/stat", without("softirq"));  // as in a container of OpenVZ's
    CHECK(test::lines(stat.text(), "node_softirqs").empty());
    CHECK(test::lines(stat.text(), "node_forks") == "node_forks_total 6310\n");
    for (const auto& text :
         {without("softirq") + "softirq 1 2 3\n", without("softirq") + "softirq 55 1 2 3 4 5 6 7 8 9 x\n"}) {
      tree.file("proc/stat", text);
      CHECK_MESSAGE(state_of(stat.collect().error()) == State::parse, text);
    }
  }

  TEST_CASE(
      "a text cut anywhere but at the end of a line that may be the last is a fault, and the next good one is read "
      "again") {
    test::Tree tree;
    test::Running stat(tree, "stat", {{"collector.stat.softirq", "true"}});
    CHECK(state_of(stat.collect().error()) == State::absent);
    for (std::size_t n = 0; n < usual.size(); ++n) {
      tree.file("proc/stat", usual.substr(0, n));
      const bool whole = n > usual.find("procs_running") - 1 && usual[n - 1] == '\n';
      const auto done = stat.collect();
      CHECK_MESSAGE(done.has_value() == whole, n);
      if (!done) CHECK_MESSAGE(state_of(done.error()) == State::parse, n);
    }
    tree.file("proc/stat", usual);
    CHECK(stat.collect().has_value());
  }

  TEST_CASE("each of the four lines that every kernel has is needed; numbers of tasks are not") {
    test::Tree tree;
    test::Running stat(tree, "stat");
    for (const char* line : {"intr", "ctxt", "btime", "processes"}) {
      tree.file("proc/stat", without(line));
      CHECK_MESSAGE(state_of(stat.collect().error()) == State::parse, line);
    }
    tree.file("proc/stat", without("procs_blocked"));
    const auto text = stat.text();
    CHECK(test::lines(text, "node_procs") == "node_procs_running 7\n");
    CHECK(stat.json().find(R"("procs_blocked":null)") != std::string::npos);
  }

  TEST_CASE("a broken line is named; unknown and repeated ones do no harm") {
    const Table<kernel::Activity> table{};
    Sheet<kernel::Activity> sheet{table};
    const auto done = kernel::parse_stat("intr 5\nctxt x\n", sheet);
    REQUIRE(done.has_error());
    CHECK(to_string(done.error()) == "/proc/stat:2: a field is not a number");
    REQUIRE(kernel::parse_stat(usual + "page 1 2\nintr 4\n\xff\"\\\n", sheet).has_value());
    CHECK(sheet.view()[0].interrupts == 233276);
    for (const char* bad : {"-1", "1.5", "0x1", "nan", "123456789012345678901234567890", ""})
      CHECK_MESSAGE(kernel::parse_stat(without("ctxt") + "ctxt " + bad + "\n", sheet).has_error(), bad);
    CHECK(kernel::parse_stat({}, sheet).error().code == Parse::empty);
  }
}

}  // namespace stat_test
