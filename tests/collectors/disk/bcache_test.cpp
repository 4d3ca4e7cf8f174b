#include "collectors/disk/bcache_text.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace bcache_test {

using namespace vitald;

namespace {

constexpr std::string_view debug =
    "rate:\t\t1.1M/sec\ndirty:\t\t20.4G\ntarget:\t\t-0.5k\nproportional:\t427.5k\nintegral:\t-409\n"
    "change:\t\t-1.1k/sec\nnext io:\t17ms\n";
constexpr std::string_view priorities =
    "Unused:\t\t97%\nClean:\t\t1%\nDirty:\t\t0%\nMetadata:\t2%\nAverage:\t10473\nSectors per Q:\t64\n"
    "Quantiles:\t[0 0 9472]\n";

const std::string set = "sys/fs/bcache/3f2a-1/";

void cache_set(const test::Tree& tree) {
  for (const char* file : {"average_key_size",
                           "btree_cache_size",
                           "cache_available_percent",
                           "congested",
                           "root_usage_percent",
                           "tree_depth",
                           "internal/active_journal_entries",
                           "internal/btree_nodes",
                           "internal/btree_read_average_duration_us",
                           "internal/cache_read_races",
                           "cache0/io_errors",
                           "cache0/metadata_written",
                           "cache0/written",
                           "bdev0/dirty_data",
                           "bdev0/stats_total/bypassed",
                           "bdev0/stats_total/cache_bypass_hits",
                           "bdev0/stats_total/cache_bypass_misses",
                           "bdev0/stats_total/cache_hits",
                           "bdev0/stats_total/cache_miss_collisions",
                           "bdev0/stats_total/cache_misses"})
    tree.file(set + file, "3\n");
  tree.file(set + "bdev0/writeback_rate_debug", debug);
}

std::uint64_t human(std::string_view text) {
  std::uint64_t out = 0;
  REQUIRE_MESSAGE(disk::parse_human(text, out), text);
  return out;
}

}  // namespace

TEST_SUITE("disk/bcache") {
  TEST_CASE("human sizes: digits after the point are 1/1024ths, as the peer reads them") {
    CHECK(human("546") == 546);
    CHECK(human("0.1k") == 100);
    CHECK(human("0.5k") == 500);
    CHECK(human("1.7M") == 1765376);
    CHECK(human("1.10k") == 2024);
    CHECK(human("1.3G") == 1388314624);
    CHECK(human("1.6T") == 1743756722176);
    CHECK(human("7.9P") == 8870859812896768);
    CHECK(human("1.2E") == 1378101485975371776);
    std::uint64_t out = 0;
    for (const char* bad : {"", "k", ".5k", "5.k", "5K", "5kk", "1.5b", "-5", "1e3", "1.1.2k", "0x10", " 5", "5 k",
                            "nan", "1,5k", "1Z", "18446744073709551616"})
      CHECK_FALSE_MESSAGE(disk::parse_human(bad, out), bad);
  }

  TEST_CASE("the controller's lines, with signs") {
    disk::Writeback out;
    REQUIRE(disk::parse_writeback(debug, out).has_value());
    CHECK((*out.rate == 1150976 && *out.target == -500 && *out.proportional == 437748 && *out.integral == -409 &&
           *out.change == -1124));
    for (std::size_t n = 0; n < debug.find("next"); ++n)  // cut within a number only the file's end tells
      if (disk::parse_writeback(debug.substr(0, n), out)) CHECK_MESSAGE(n > debug.find("change:"), n);
    for (const char* bad : {"rate:\n", "rate:\tx/sec\n", "rate:\t1/sec/sec\n", "rate:\t-\n", "rate:\t1 2\n"}) {
      const auto done = disk::parse_writeback(std::string("dirty: 1\n") + bad, out);
      REQUIRE_MESSAGE(done.has_error(), bad);
      CHECK(done.error().line == 2);
    }
  }

  TEST_CASE("older controllers tell of fewer terms") {
    disk::Writeback out;
    REQUIRE(disk::parse_writeback("rate:\t\t512/sec\ndirty:\t\t20.4G\ntarget:\t\t20.4G\nproportional:\t427.5k\n"
                                  "derivative:\t790.0k\nchange:\t\t321.5k/sec\nnext io:\t17ms\n",
                                  out)
                .has_value());  // 3.14 to 4.14
    CHECK((*out.rate == 512 && out.proportional && !out.integral));
    REQUIRE(disk::parse_writeback("rate:\t\t512\nchange:\t\t-5\ndirty:\t\t1.0M\nderivative:\t0\ntarget:\t\t2.0M\n", out)
                .has_value());  // 3.10 to 3.13
    CHECK((*out.change == -5 && *out.target == 2097152 && !out.proportional && !out.integral));
  }

  TEST_CASE("shares of buckets") {
    disk::Priorities out;
    REQUIRE(disk::parse_priorities(priorities, out).has_value());
    CHECK((*out.unused == 97 && *out.metadata == 2));
    for (const char* bad : {"", "Unused:\t1%\n", "Metadata:\t1%\n", "Unused:\t-1%\nMetadata:\t1%\n",
                            "Unused:\t1.5%\nMetadata:\t1%\n", "Unused:\t\nMetadata:\t1%\n"})
      CHECK_MESSAGE(disk::parse_priorities(bad, out).has_error(), bad);
  }

  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    cache_set(tree);
    tree.file(set + "bdev0/stats_total/cache_readaheads", "0\n");
    tree.file("sys/fs/bcache/register", "");
    test::Running bcache(tree, "bcache");
    const auto text = bcache.text();
    CHECK(test::lines(text, "node_bcache_btree") ==
          "node_bcache_btree_cache_size_bytes{uuid=\"3f2a-1\"} 3\nnode_bcache_btree_nodes{uuid=\"3f2a-1\"} 3\n"
          "node_bcache_btree_read_average_duration_seconds{uuid=\"3f2a-1\"} 3.0000000000000004e-09\n");
    CHECK(test::lines(text, "node_bcache_writeback") ==
          "node_bcache_writeback_change{backing_device=\"bdev0\",uuid=\"3f2a-1\"} -1124\n"
          "node_bcache_writeback_rate{backing_device=\"bdev0\",uuid=\"3f2a-1\"} 1150976\n"
          "node_bcache_writeback_rate_integral_term{backing_device=\"bdev0\",uuid=\"3f2a-1\"} -409\n"
          "node_bcache_writeback_rate_proportional_term{backing_device=\"bdev0\",uuid=\"3f2a-1\"} 437748\n");
    CHECK(test::lines(text, "node_bcache_io_errors") ==
          "node_bcache_io_errors{cache_device=\"cache0\",uuid=\"3f2a-1\"} 3\n");
    CHECK(test::lines(text, "node_bcache_cache_readaheads").empty());
    CHECK(test::lines(text, "node_bcache_priority").empty());
    CHECK(bcache.json().find(R"("cache_device":"cache0","uuid":"3f2a-1","io_errors":3)") != std::string::npos);
    CHECK(test::allocations_of([&] { CHECK(bcache.collect().has_value()); }) == 0);
    tree.file(set + "bdev0/stats_total/cache_readaheads", "13\n");
    CHECK(test::lines(bcache.text(), "node_bcache_cache_readaheads") ==
          "node_bcache_cache_readaheads_total{backing_device=\"bdev0\",uuid=\"3f2a-1\"} 13\n");
  }

  TEST_CASE("buckets are looked at only when asked for") {
    test::Tree tree;
    cache_set(tree);
    tree.file(set + "cache0/priority_stats", priorities);
    test::Running bcache(tree, "bcache", {{"collector.bcache.priorityStats", "true"}});
    CHECK(test::lines(bcache.text(), "node_bcache_priority") ==
          "node_bcache_priority_stats_metadata_percent{cache_device=\"cache0\",uuid=\"3f2a-1\"} 2\n"
          "node_bcache_priority_stats_unused_percent{cache_device=\"cache0\",uuid=\"3f2a-1\"} 97\n");
    tree.remove(set + "cache0/priority_stats");
    CHECK(bcache.collect().has_error());
  }

  TEST_CASE("no set is no series; any file that cannot be read fails the collector until it can") {
    test::Tree tree;
    test::Running bcache(tree, "bcache");
    CHECK(bcache.text().empty());
    tree.dir("sys/fs/bcache");
    CHECK(bcache.text().empty());
    cache_set(tree);
    CHECK(bcache.collect().has_value());
    for (const char* file : {"average_key_size", "internal/btree_nodes", "bdev0/dirty_data", "cache0/written",
                             "bdev0/stats_total/cache_hits"}) {
      for (const char* bad : {"", "3", "x\n", "\n", "3q\n"}) {
        tree.file(set + file, bad);
        CHECK_MESSAGE(state_of(bcache.collect().error()) == State::parse, file);
      }
      tree.remove(set + file);
      CHECK(bcache.collect().has_error());
      tree.file(set + file, "3\n");
      CHECK(bcache.collect().has_value());
    }
    tree.remove(set + "bdev0");
    CHECK(test::lines(bcache.text(), "node_bcache_dirty").empty());
  }
}

}  // namespace bcache_test
