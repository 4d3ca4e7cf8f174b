#include "collectors/filesystem/bcachefs_text.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace bcachefs_test {

using namespace vitald;

namespace {

const std::string fs = "sys/fs/bcachefs/dead-beef/";

void one_filesystem(const test::Tree& tree) {
  tree.file(fs + "btree_cache_size", "524M\n");
  tree.file(fs + "compression_stats",
            "typetype        compressed    uncompressed     average extent size\n"
            "lz4                  7.05G           10.2G                   61.5k\n"
            "zstd              1.32 TiB        2.01 TiB                 119 KiB\n");
  tree.file(
      fs + "btree_write_stats",
      "                    nr        size\ninitial:            7343      108k\ninterior:           0         0\n");
  tree.file(fs + "errors", "btree_node_read_error                           12      1734567999\n");
  tree.file(fs + "counters/data_read",
            "since mount:                    1.00k\nsince filesystem creation:      7.69G\n");
  tree.file(fs + "counters/odd-.name", "since mount:                    0\nsince filesystem creation:      3\n");
  tree.file(fs + "dev-10/bucket_size", "512k\n");
  tree.file(fs + "dev-10/nbuckets", "3815458\n");
  tree.file(fs + "dev-10/durability", "2\n");
  tree.file(fs + "dev-10/label", "hdd.hdd1\n");
  tree.file(fs + "dev-10/state", "[rw] ro evacuating spare \n");
  tree.file(fs + "dev-10/io_done",
            "read:\nsb          :     3989504\nuser        :           0\nwrite:\nsb          :          12\n");
  tree.file(fs + "dev-10/io_errors",
            "IO errors since filesystem creation\n  read:     197346\n  write:    0\nIO errors since 27 h ago\n  read: "
            "    1\n");
}

std::uint64_t size(std::string_view line) {
  std::uint64_t out = 0;
  REQUIRE_MESSAGE(filesystem::take_size(line, out), line);
  CHECK(line.empty());
  return out;
}

}  // namespace

TEST_SUITE("filesystem/bcachefs") {
  TEST_CASE("sizes: a decimal fraction and powers of 1024, cut to an integer") {
    CHECK(size("0") == 0);
    CHECK(size("512") == 512);
    CHECK(size("1.5k") == 1536);
    CHECK(size("7.05G") == 7569879859);
    CHECK(size("81.2T") == 89280344175411);
    CHECK(size("1K") == 1024);
    CHECK(size("1.32 TiB") == 1451355348664);
    CHECK(size("900 B") == 900);
    CHECK(size("119 KiB") == 121856);
    std::uint64_t out = 0;
    for (std::string_view bad : {"", "k", ".k", "1.", "1.k", "-1", "1e3", "1x", "1kk", "nan", "99E", "1..2"})
      CHECK_FALSE_MESSAGE(filesystem::take_size(bad, out), bad);
    std::string_view two = "7.05G  10.2G";
    CHECK((filesystem::take_size(two, out) && two == "  10.2G"));
  }

  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    one_filesystem(tree);
    test::Running bcachefs(tree, "bcachefs");
    const auto text = bcachefs.text();
    CHECK(test::lines(text, "node_") ==
          "node_bcachefs_btree_cache_size_bytes{uuid=\"dead-beef\"} 549453824\n"
          "node_bcachefs_info{uuid=\"dead-beef\"} 1\n"
          "node_bcachefs_btree_write_average_size_bytes{type=\"initial\",uuid=\"dead-beef\"} 110592\n"
          "node_bcachefs_btree_write_average_size_bytes{type=\"interior\",uuid=\"dead-beef\"} 0\n"
          "node_bcachefs_btree_writes_total{type=\"initial\",uuid=\"dead-beef\"} 7343\n"
          "node_bcachefs_btree_writes_total{type=\"interior\",uuid=\"dead-beef\"} 0\n"
          "node_bcachefs_compression_compressed_bytes{algorithm=\"lz4\",uuid=\"dead-beef\"} 7569879859\n"
          "node_bcachefs_compression_compressed_bytes{algorithm=\"zstd\",uuid=\"dead-beef\"} 1451355348664\n"
          "node_bcachefs_compression_uncompressed_bytes{algorithm=\"lz4\",uuid=\"dead-beef\"} 10952166604\n"
          "node_bcachefs_compression_uncompressed_bytes{algorithm=\"zstd\",uuid=\"dead-beef\"} 2210018371829\n"
          "node_bcachefs_errors_total{error_type=\"btree_node_read_error\",uuid=\"dead-beef\"} 12\n"
          "node_bcachefs_device_bucket_size_bytes{device=\"10\",uuid=\"dead-beef\"} 524288\n"
          "node_bcachefs_device_buckets{device=\"10\",uuid=\"dead-beef\"} 3815458\n"
          "node_bcachefs_device_durability{device=\"10\",uuid=\"dead-beef\"} 2\n"
          "node_bcachefs_device_info{device=\"10\",label=\"hdd.hdd1\",state=\"[rw] ro evacuating "
          "spare\",uuid=\"dead-beef\"} 1\n"
          "node_bcachefs_device_io_done_bytes_total{data_type=\"sb\",device=\"10\",operation=\"read\",uuid=\"dead-"
          "beef\"} 3989504\n"
          "node_bcachefs_device_io_done_bytes_total{data_type=\"user\",device=\"10\",operation=\"read\",uuid=\"dead-"
          "beef\"} 0\n"
          "node_bcachefs_device_io_done_bytes_total{data_type=\"sb\",device=\"10\",operation=\"write\",uuid=\"dead-"
          "beef\"} 12\n"
          "node_bcachefs_device_io_errors_total{device=\"10\",type=\"read\",uuid=\"dead-beef\"} 197346\n"
          "node_bcachefs_device_io_errors_total{device=\"10\",type=\"write\",uuid=\"dead-beef\"} 0\n"
          "node_bcachefs_data_read_total{uuid=\"dead-beef\"} 8257074626\n"
          "node_bcachefs_odd_name_total{uuid=\"dead-beef\"} 3\n");
    CHECK(test::lines(text, "# TYPE node_bcachefs_odd") == "# TYPE node_bcachefs_odd_name_total counter\n");
    CHECK(bcachefs.json().find(R"({"uuid":"dead-beef","name":"odd_name_total","value":3})") != std::string::npos);
    CHECK(test::allocations_of([&] { CHECK(bcachefs.collect().has_value()); }) == 0);
  }

  TEST_CASE("no file system is no data; older versions have fewer files") {
    test::Tree tree;
    test::Running bcachefs(tree, "bcachefs");
    CHECK(bcachefs.collect().error().code == Parse::no_data);
    tree.dir("sys/fs/bcachefs");
    CHECK(bcachefs.collect().error().code == Parse::no_data);
    tree.dir(fs + "dev-0");
    CHECK(test::lines(bcachefs.text(), "node_") ==
          "node_bcachefs_info{uuid=\"dead-beef\"} 1\n"
          "node_bcachefs_device_info{device=\"0\",label=\"\",state=\"\",uuid=\"dead-beef\"} 1\n");
    one_filesystem(tree);
    CHECK(bcachefs.collect().has_value());
    tree.remove("sys/fs/bcachefs");
    CHECK(bcachefs.collect().error().code == Parse::no_data);
  }

  TEST_CASE("counters of two file systems stand together, and none is shown twice or under another's name") {
    test::Tree tree;
    const std::string text = "since mount: 0\nsince filesystem creation: 1\n";
    for (const char* name : {"a", "b"})
      for (const char* counter : {"fsync", "x-y", "x.y", "errors"})
        tree.file(std::string("sys/fs/bcachefs/") + name + "/counters/" + counter, text);
    test::Running bcachefs(tree, "bcachefs");
    CHECK(test::lines(bcachefs.text(), "node_bcachefs_") ==
          "node_bcachefs_info{uuid=\"a\"} 1\nnode_bcachefs_info{uuid=\"b\"} 1\n"
          "node_bcachefs_fsync_total{uuid=\"a\"} 1\nnode_bcachefs_fsync_total{uuid=\"b\"} 1\n"
          "node_bcachefs_x_y_total{uuid=\"a\"} 1\nnode_bcachefs_x_y_total{uuid=\"b\"} 1\n");
  }

  TEST_CASE("a text that is cut or wrong is a fault until it is mended") {
    test::Tree tree;
    one_filesystem(tree);
    test::Running bcachefs(tree, "bcachefs");
    for (const char* file :
         {"btree_cache_size", "compression_stats", "btree_write_stats", "errors", "counters/data_read",
          "dev-10/bucket_size", "dev-10/nbuckets", "dev-10/io_done", "dev-10/io_errors"}) {
      for (const char* bad : {"1", "x\ny z\n", "a: b\nc: d\n"}) {
        if (std::string_view(file) == "btree_cache_size" && std::string_view(bad) == "1") continue;  // a single value
        tree.file(fs + file, bad);
        CHECK_MESSAGE(state_of(bcachefs.collect().error()) == State::parse, file << ": " << bad);
      }
      one_filesystem(tree);
      CHECK(bcachefs.collect().has_value());
    }
  }

  TEST_CASE("names of errors that are not known, and a list that is longer than a page") {
    const Table<filesystem::ErrorCount> table{};
    Sheet<filesystem::ErrorCount> sheet{table};
    REQUIRE(filesystem::parse_errors("(unknown error 512)  3  1734567999\n", "u", sheet).has_value());
    CHECK((sheet.view()[0].error_type == "(unknown error 512)" && sheet.view()[0].count == 3));
    std::string text;
    while (text.size() < 4060) text += "some_error_with_a_name  3  1734567999  1734568000\n";
    for (const char* cut : {"so", "some 1", "some 12 17345"}) {
      sheet.rewind();
      CHECK_MESSAGE(filesystem::parse_errors(text + cut, "u", sheet).has_value(), cut);
    }
    CHECK(filesystem::parse_errors("some 1", "u", sheet).has_error());
  }
}

}  // namespace bcachefs_test
