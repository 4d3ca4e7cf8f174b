#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace tapestats_test {

using namespace vitald;

namespace {

constexpr const char* files[] = {"in_flight", "io_ns",     "other_cnt",      "read_byte_cnt", "read_cnt",
                                 "read_ns",   "resid_cnt", "write_byte_cnt", "write_cnt",     "write_ns"};

std::string stats(std::string_view drive, std::string_view file) {
  return std::string("sys/class/scsi_tape/").append(drive).append("/stats/").append(file);
}

void write(const test::Tree& tree, std::string_view drive) {
  int number = 0;
  for (const auto* file : files) tree.file(stats(drive, file), std::to_string(++number) + "\n");
}

}  // namespace

TEST_SUITE("disk/tapestats") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    for (const auto* name : {"st0", "st0a", "nst0", "st0l", "stx", "st", "st01"}) write(tree, name);
    test::Running tapes(tree, "tapestats");
    CHECK(tapes.text() ==
          "# HELP node_tape_io_now Requests in flight.\n# TYPE node_tape_io_now "
          "gauge\nnode_tape_io_now{device=\"st0\"} 1\n"
          "# HELP node_tape_io_others_total Requests completed that neither read nor wrote.\n"
          "# TYPE node_tape_io_others_total counter\nnode_tape_io_others_total{device=\"st0\"} 3\n"
          "# HELP node_tape_io_time_seconds_total Time spent by all requests.\n"
          "# TYPE node_tape_io_time_seconds_total counter\nnode_tape_io_time_seconds_total{device=\"st0\"} 2e-09\n"
          "# HELP node_tape_read_bytes_total Bytes read.\n# TYPE node_tape_read_bytes_total counter\n"
          "node_tape_read_bytes_total{device=\"st0\"} 4\n"
          "# HELP node_tape_read_time_seconds_total Time spent by all reads.\n"
          "# TYPE node_tape_read_time_seconds_total counter\nnode_tape_read_time_seconds_total{device=\"st0\"} "
          "6.000000000000001e-09\n"
          "# HELP node_tape_reads_completed_total Reads completed.\n# TYPE node_tape_reads_completed_total counter\n"
          "node_tape_reads_completed_total{device=\"st0\"} 5\n"
          "# HELP node_tape_residual_total Reads and writes that moved less than they were to.\n"
          "# TYPE node_tape_residual_total counter\nnode_tape_residual_total{device=\"st0\"} 7\n"
          "# HELP node_tape_write_time_seconds_total Time spent by all writes.\n"
          "# TYPE node_tape_write_time_seconds_total counter\n"
          "node_tape_write_time_seconds_total{device=\"st0\"} 1e-08\n"
          "# HELP node_tape_writes_completed_total Writes completed.\n"
          "# TYPE node_tape_writes_completed_total counter\nnode_tape_writes_completed_total{device=\"st0\"} 9\n"
          "# HELP node_tape_written_bytes_total Bytes written.\n# TYPE node_tape_written_bytes_total counter\n"
          "node_tape_written_bytes_total{device=\"st0\"} 8\n");
    CHECK(tapes.json().starts_with(R"([{"device":"st0","io_now":1,"io_others":3,)"));
    CHECK(test::allocations_of([&] { CHECK(tapes.collect().has_value()); }) == 0);
  }

  TEST_CASE("drives may be left out, and without the class there is no data") {
    test::Tree tree;
    test::Running all(tree, "tapestats"), some(tree, "tapestats", {{"collector.tapestats.ignored-devices", "0$"}});
    CHECK(state_of(all.collect().error()) == State::absent);
    tree.dir("sys/class/scsi_tape");
    CHECK(all.text().empty());
    for (const auto* name : {"st0", "st1", "st10"}) write(tree, name);
    CHECK(test::lines(all.text(), "node_tape_io_now") ==
          "node_tape_io_now{device=\"st0\"} 1\nnode_tape_io_now{device=\"st1\"} 1\nnode_tape_io_now{device=\"st10\"} "
          "1\n");
    CHECK(test::lines(some.text(), "node_tape_io_now") == "node_tape_io_now{device=\"st1\"} 1\n");
  }

  TEST_CASE("numbers that are missing or none are faults, and heal") {
    test::Tree tree;
    write(tree, "st0");
    test::Running tapes(tree, "tapestats");
    const auto before = tapes.text();
    for (const auto* file : files) {
      for (const auto* bad : {"", "\n", "-1\n", "x\n", "1 2\n", "1.5\n", "18446744073709551616\n", "\xff\n"}) {
        tree.file(stats("st0", file), bad);
        CHECK_MESSAGE(state_of(tapes.collect().error()) == State::parse, file);
      }
      tree.remove(stats("st0", file));
      CHECK_MESSAGE(tapes.collect().has_error(), file);
      write(tree, "st0");
      CHECK(tapes.text() == before);
    }
    tree.file(stats("st0", "write_byte_cnt"), "18446744073709551615");  // the driver ends it by no newline
    CHECK(tapes.text().ends_with("{device=\"st0\"} 18446744073709551615\n"));
  }
}

}  // namespace tapestats_test
