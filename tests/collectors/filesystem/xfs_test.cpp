#include "collectors/filesystem/xfs.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace xfs_test {

using namespace vitald;

namespace {

// Each number says where it stands: 301 is the first of the third line.
const std::string stats =
    "extent_alloc 101 102 103 104\nabt 201 202 203 204\nblk_map 301 302 303 304 305 306 307\nbmbt 401 402 403 404\n"
    "dir 501 502 503 504\ntrans 601 602 603\nig 701 702 703 704 705 706 707\nlog 801 802 803 804 805\n"
    "push_ail 901 902 903 904 905 906 907 908 909 910\nxstrat 1001 1002\nrw 1101 1102\nattr 1201 1202 1203 1204\n"
    "icluster 1301 1302 1303\nvnodes 1401 1402 1403 1404 1405 1406 1407 1408\nbuf 1501 1502 1503\n"
    "xpc 399724544 92823103 86219234\ndebug 0\n";

constexpr const char* path = "sys/fs/xfs/sda1/stats/stats";

Result<void> parsed(std::string_view text) {
  filesystem::Xfs row;
  return filesystem::parse_xfs(text, row);
}

std::string without(std::string_view word) {
  auto text = stats;
  const auto at = word.empty() ? 0 : text.find(word);
  return text.erase(at, text.find('\n', at) + 1 - at);
}

}  // namespace

TEST_SUITE("filesystem/xfs") {
  TEST_CASE("what a scrape shows: each family by its place") {
    test::Tree tree;
    tree.file(path, stats);
    test::Running xfs(tree, "xfs");
    const auto text = xfs.text();
    std::string all;
    for (auto rest = test::lines(text, "node_"); !rest.empty();) {
      const auto end = rest.find('\n');
      auto line = rest.substr(0, end);
      rest.erase(0, end + 1);
      const auto labels = line.find("_total{device=\"sda1\"} ");
      REQUIRE_MESSAGE(labels != line.npos, line);
      all.append(line, 9, labels - 9).append(line.substr(labels + 21)).append("\n");
    }
    CHECK(all ==
          "allocation_btree_compares 202\nallocation_btree_lookups 201\nallocation_btree_records_deleted 204\n"
          "allocation_btree_records_inserted 203\nblock_map_btree_compares 402\nblock_map_btree_lookups 401\n"
          "block_map_btree_records_deleted 404\nblock_map_btree_records_inserted 403\n"
          "block_mapping_extent_list_compares 307\nblock_mapping_extent_list_deletions 305\n"
          "block_mapping_extent_list_insertions 304\nblock_mapping_extent_list_lookups 306\nblock_mapping_reads 301\n"
          "block_mapping_unmaps 303\nblock_mapping_writes 302\ndirectory_operation_create 502\n"
          "directory_operation_getdents 504\ndirectory_operation_lookup 501\ndirectory_operation_remove 503\n"
          "extent_allocation_blocks_allocated 102\nextent_allocation_blocks_freed 104\n"
          "extent_allocation_extents_allocated 101\nextent_allocation_extents_freed 103\n"
          "inode_operation_attempts 701\ninode_operation_attribute_changes 707\ninode_operation_duplicates 705\n"
          "inode_operation_found 702\ninode_operation_missed 704\ninode_operation_reclaims 706\n"
          "inode_operation_recycled 703\nread_calls 1102\nvnode_active 1401\nvnode_allocate 1402\nvnode_get 1403\n"
          "vnode_hold 1404\nvnode_reclaim 1406\nvnode_release 1405\nvnode_remove 1407\nwrite_calls 1101\n");
    CHECK(test::lines(text, "# TYPE node_xfs_vnode_active_total") == "# TYPE node_xfs_vnode_active_total counter\n");
    CHECK(xfs.json().starts_with(R"([{"device":"sda1","allocation_btree_compares":202,)"));
    CHECK(test::allocations_of([&] { CHECK(xfs.collect().has_value()); }) == 0);
  }

  TEST_CASE("a machine without XFS has no series; what is no device among its folders is passed over") {
    test::Tree tree;
    test::Running xfs(tree, "xfs");
    CHECK(xfs.text().empty());
    tree.file("sys/fs/xfs/stats/stats", stats);
    tree.dir("sys/fs/xfs/debug");
    CHECK(xfs.text().empty());
    tree.file("sys/fs/xfs/dm-0/stats/stats", stats);
    tree.file("sys/fs/xfs/o\"d\\d/stats/stats", stats);
    CHECK(test::lines(xfs.text(), "node_xfs_read") ==
          "node_xfs_read_calls_total{device=\"dm-0\"} 1102\nnode_xfs_read_calls_total{device=\"o\\\"d\\\\d\"} 1102\n");
    tree.remove("sys/fs/xfs/dm-0");
    CHECK(test::lines(xfs.text(), "node_xfs_read") == "node_xfs_read_calls_total{device=\"o\\\"d\\\\d\"} 1102\n");
  }

  TEST_CASE("a copy that was cut anywhere is a fault, until it is whole again") {
    test::Tree tree;
    test::Running xfs(tree, "xfs");
    for (std::size_t n = 1; n < stats.size(); ++n) {
      if (stats[n - 1] == '\n' && n > stats.find("buf") - 1) continue;  // all that is wanted came
      tree.file(path, stats.substr(0, n));
      CHECK_MESSAGE(state_of(xfs.collect().error()) == State::parse, n);
    }
    tree.file(path, stats);
    CHECK(xfs.collect().has_value());
  }

  TEST_CASE("lines that are too short, missing or there twice are faults; more numbers and lines are not") {
    CHECK(parsed(stats).has_value());
    CHECK(parsed("newer 1 x\n" + stats).has_value());
    for (const char* word : {"extent_alloc", "abt", "blk_map", "bmbt", "dir", "ig", "rw", "vnodes"}) {
      CHECK_MESSAGE(parsed(without(word)).error().code == Parse::truncated, word);
      const auto done = parsed(std::string(word) + " 1\n" + without(word));
      REQUIRE_MESSAGE(done.has_error(), word);
      CHECK_MESSAGE(done.error().line == 1, word);
      CHECK(parsed(stats + stats.substr(stats.find(word))).has_error());
    }
    for (const char* bad : {"rw 1 x", "rw 1 -1", "rw 1 1.5", "rw 1 99999999999999999999", "", "\xff 1", "\" 1"}) {
      const auto done = parsed(bad + ("\n" + without("rw")));
      REQUIRE_MESSAGE(done.has_error(), bad);
      CHECK_MESSAGE(done.error().line == 1, bad);
    }
    CHECK(to_string(parsed("").error()) == "/sys/fs/xfs: it is empty");
  }
}

}  // namespace xfs_test
