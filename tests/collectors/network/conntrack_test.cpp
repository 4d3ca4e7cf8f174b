#include "collectors/network/conntrack.hpp"

#include "http/encode/exposition.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace conntrack_test {

using namespace vitald;

namespace {

constexpr const char *count = "proc/sys/net/netfilter/nf_conntrack_count",
                     *limit = "proc/sys/net/netfilter/nf_conntrack_max", *stat = "proc/net/stat/nf_conntrack";
constexpr std::string_view usual =
    "entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  "
    "expect_new expect_create expect_delete search_restart\n"
    "0000012d  00000000 00000010 00000000 00000002 00000003 00000000 00000000 00000004 00000005 00000006 00000007 "
    "00000000  00000000 00000000 00000000 00000008\n"
    "0000012d  00000000 ffffffff 00000000 0000000a 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
    "00000000  00000000 00000000 00000000 00000002\n";

std::string without_last_column(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    made.append(line.substr(0, line.rfind(' '))).push_back('\n');
    text.remove_prefix(line.size() + 1);
  }
  return made;
}

// What /metrics shows of a reading that failed.
std::string shown_despite_fault(const test::Tree& tree) {
  const test::World world(tree);
  Page page;
  CHECK(test::entry("conntrack").make(world.environment)->collect(page).has_error());
  Out out;
  encode::Exposition exposition;
  if (page.shown_despite_fault) page.each([&](const Rows& rows) { exposition.write(rows, out); });
  return std::string(out.view());
}

}  // namespace

TEST_SUITE("network/conntrack") {
  TEST_CASE("what a scrape and the API show: gauges, summed over the processors") {
    test::Tree tree;
    tree.file(count, "301\n");
    tree.file(limit, "65536\n");
    tree.file(stat, usual);
    test::Running conntrack(tree, "conntrack");
    const auto text = conntrack.text();
    CHECK(test::lines(text, "node_") ==
          "node_nf_conntrack_entries 301\nnode_nf_conntrack_entries_limit 65536\nnode_nf_conntrack_stat_drop 6\n"
          "node_nf_conntrack_stat_early_drop 7\nnode_nf_conntrack_stat_found 4294967311\n"
          "node_nf_conntrack_stat_ignore 3\nnode_nf_conntrack_stat_insert 4\nnode_nf_conntrack_stat_insert_failed 5\n"
          "node_nf_conntrack_stat_invalid 12\nnode_nf_conntrack_stat_search_restart 10\n");
    CHECK(test::lines(text, "# TYPE node_nf_conntrack_stat_drop") == "# TYPE node_nf_conntrack_stat_drop gauge\n");
    CHECK(conntrack.json() == R"([{"entries":301,"limit":65536,"drop":6,"early_drop":7,"found":4294967311,"ignore":3,)"
                              R"("insert":4,"insert_failed":5,"invalid":12,"search_restart":10}])");
    CHECK(test::allocations_of([&] { CHECK(conntrack.collect().has_value()); }) == 0);
  }

  TEST_CASE("without the module there is no data; without statistics none succeeds, and the rest is shown") {
    test::Tree tree;
    test::Running conntrack(tree, "conntrack");
    CHECK(state_of(conntrack.collect().error()) == State::absent);
    CHECK(shown_despite_fault(tree).empty());
    tree.file(count, "1\n");
    tree.file(limit, "262144\n");
    CHECK(state_of(conntrack.collect().error()) == State::absent);
    CHECK(test::lines(shown_despite_fault(tree), "node_") ==
          "node_nf_conntrack_entries 1\nnode_nf_conntrack_entries_limit 262144\n");
    tree.file(stat, "");
    CHECK(conntrack.collect().error().code == Parse::empty);
    CHECK(shown_despite_fault(tree).empty());
    tree.file(stat, usual);
    CHECK(conntrack.collect().has_value());
  }

  TEST_CASE("old kernels do not tell of restarted searches") {
    network::Conntrack row;
    REQUIRE(network::parse_conntrack(without_last_column(usual), row).has_value());
    CHECK(row.early_drop == 7);
    CHECK_FALSE(row.search_restart);
  }

  TEST_CASE("a text cut anywhere but at a line's end, or without a processor, is a fault") {
    const auto heading = usual.find('\n') + 1;
    for (std::size_t n = 0; n < usual.size(); ++n) {
      network::Conntrack row;
      CHECK_MESSAGE(
          network::parse_conntrack(usual.substr(0, n), row).has_value() == (n > heading && usual[n - 1] == '\n'), n);
    }
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    const std::string sixteen = "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1";
    for (const auto& line : {std::string(), sixteen, sixteen + " x", sixteen + " -1", sixteen + " 1 1",
                             sixteen + " 11111111111111111", sixteen.substr(2)}) {
      network::Conntrack row;
      const auto done = network::parse_conntrack(std::string(usual) + line + "\n", row);
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 4, line);
    }
    network::Conntrack row;
    CHECK(network::parse_conntrack(usual.substr(usual.find('\n') + 1), row).error().line == 1);
  }

  TEST_CASE("what the kernel does not write in its settings is a fault") {
    test::Tree tree;
    tree.file(stat, usual);
    test::Running conntrack(tree, "conntrack");
    for (const auto* path : {count, limit}) {
      tree.file(count, "1\n");
      tree.file(limit, "2\n");
      CHECK(conntrack.collect().has_value());
      for (const char* text : {"", "1", "x\n", "-1\n", "1 2\n"}) {
        tree.file(path, text);
        CHECK_MESSAGE(state_of(conntrack.collect().error()) == State::parse, text);
      }
    }
  }
}

}  // namespace conntrack_test
