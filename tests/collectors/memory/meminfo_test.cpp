#include "collectors/memory/meminfo.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace meminfo_test {

using namespace vitald;

namespace {

const test::Flags everything = {{"collector.meminfo.all", "true"}};

Result<void> collected(std::string_view text, const test::Flags& flags = {}) {
  test::Tree tree;
  tree.file("proc/meminfo", text);
  return test::Running(tree, "meminfo", flags).collect();
}

}  // namespace

TEST_SUITE("memory/meminfo") {
  TEST_CASE("kilobytes become bytes, brackets an underscore, pages stay") {
    test::Tree tree;
    tree.file(
        "proc/meminfo",
        "MemTotal:       16000000 kB\nActive(anon):       7 kB\nAnonHugePages:  2048 kB\nHugePages_Total:       3\n"
        "VmallocTotal:   34359738367 kB\n");
    test::Running meminfo(tree, "meminfo");
    const auto text = meminfo.text();
    CHECK(test::lines(text, "node_") ==
          "node_memory_MemTotal_bytes 16384000000\nnode_memory_Active_anon_bytes 7168\n"
          "node_memory_AnonHugePages_bytes 2097152\nnode_memory_HugePages_Total 3\n"
          "node_memory_VmallocTotal_bytes 35184372087808\n");
    CHECK(test::lines(text, "# TYPE node_memory_HugePages_Total") == "# TYPE node_memory_HugePages_Total gauge\n");
    CHECK(meminfo.json() ==
          R"({"MemTotal_bytes":16384000000,"Active_anon_bytes":7168,"AnonHugePages_bytes":2097152,"HugePages_Total":3,)"
          R"("VmallocTotal_bytes":35184372087808})");
  }

  TEST_CASE("keys that the peer does not know are shown only when all are asked for") {
    test::Tree tree;
    tree.file("proc/meminfo",
              "MemFree: 1 kB\nFileHugePages: 2 kB\nHugePages_Free: 0\nOdd_total: 5\nOdd2_total: 6 kB\n");
    CHECK(test::lines(test::Running(tree, "meminfo").text(), "node_") ==
          "node_memory_MemFree_bytes 1024\nnode_memory_HugePages_Free 0\n");
    const auto all = test::Running(tree, "meminfo", everything).text();
    CHECK(test::lines(all, "node_") ==
          "node_memory_MemFree_bytes 1024\nnode_memory_FileHugePages_bytes 2048\nnode_memory_HugePages_Free 0\n"
          "node_memory_Odd2_total_bytes 6144\nnode_memory_Odd_total 5\n");
    CHECK(test::lines(all, "# TYPE node_memory_Odd") ==
          "# TYPE node_memory_Odd2_total_bytes gauge\n# TYPE node_memory_Odd_total counter\n");
  }

  TEST_CASE("a text cut anywhere but at a line's end is a fault") {
    const std::string whole = "MemTotal:       16000000 kB\nHugePages_Total:      37\n";
    for (std::size_t n = 0; n < whole.size(); ++n)
      CHECK_MESSAGE(collected(whole.substr(0, n)).has_value() == (n == whole.find('\n') + 1), n);
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    for (const char* line :
         {"MemFree 5 kB", "MemFree: kB", "MemFree: -1 kB", "MemFree: 0x5 kB", "MemFree: 5 MB", "MemFree: 5 kB 6",
          "MemFree: 5kB", ": 5 kB", "Mem Free: 5 kB", "MemFree: 99999999999999999999999999999999999999999 kB", "",
          "Foo-Bar: x kB", "Foo-Bar: 5 MB", "Foo-Bar 5 kB"}) {
      const auto done = collected("MemTotal: 1 kB\n" + std::string(line) + "\n", everything);
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 2, line);
      CHECK(state_of(done.error()) == State::parse);
    }
    CHECK(collected(std::string("MemTotal: 1 kB\n\0\0\0\n", 19)).has_error());
  }

  TEST_CASE("of an amount that was counted below zero there is no sample, and the others are shown") {
    test::Tree tree;
    test::Running meminfo(tree, "meminfo");
    for (const char* amount : {"18446744073709551612", "18014398509481984"}) {
      tree.file("proc/meminfo", std::string("MemFree: 1 kB\nSwapFree: ") + amount + " kB\nSwapTotal: 2 kB\n");
      for (int round = 0; round < 2; ++round)
        CHECK(test::lines(meminfo.text(), "node_") ==
              "node_memory_MemFree_bytes 1024\nnode_memory_SwapTotal_bytes 2048\n");
    }
    tree.file("proc/meminfo", "MemFree: 1 kB\nSwapFree: 18014398509481983 kB\nSwapTotal: 2 kB\n");
    CHECK(test::lines(meminfo.text(), "node_memory_SwapFree") == "node_memory_SwapFree_bytes 18446744073709550592\n");
  }

  TEST_CASE("keys that no metric can be named after are passed by, and cost nothing once they are known") {
    for (const auto& flags : {test::Flags{}, everything})
      for (const char* key : {"Foo-Bar", "Mem(Free", "Mem(Fr)ee", "Mem\xff", "Mem\"Free", "())"}) {
        test::Tree tree;
        tree.file("proc/meminfo", std::string("MemFree: 1 kB\n") + key + ": 500 kB\n" + key + ": 5\nMemTotal: 2 kB\n");
        test::Running meminfo(tree, "meminfo", flags);
        CHECK_MESSAGE(
            test::lines(meminfo.text(), "node_") == "node_memory_MemFree_bytes 1024\nnode_memory_MemTotal_bytes 2048\n",
            key);
        CHECK(test::allocations_of([&] { CHECK(meminfo.collect().has_value()); }) == 0);
      }
  }

  TEST_CASE("a repeated key is a fault, known or shown as one of all") {
    CHECK(collected("MemFree: 1 kB\nMemTotal: 2 kB\nMemFree: 1 kB\n").error().line == 3);
    CHECK(collected("A: 1 kB\nA: 1 kB\n", everything).error().code == Parse::unknown_layout);
    CHECK(collected("A_total: 1\nA_total: 1\n", everything).error().code == Parse::unknown_layout);
  }

  TEST_CASE("more keys than any kernel has are a fault") {
    std::string many;
    for (int i = 0; i < 2000; ++i) many += "K" + std::to_string(i) + ": 1\n";
    CHECK(collected(many, everything).error().code == Parse::too_large);
    CHECK(collected(many).has_value());
  }

  TEST_CASE("a missing file is absent, and the next good one is read again") {
    test::Tree tree;
    test::Running meminfo(tree, "meminfo");
    CHECK(state_of(meminfo.collect().error()) == State::absent);
    tree.file("proc/meminfo", "MemFree: 1 kB\n");
    CHECK(meminfo.collect().has_value());
  }
}

}  // namespace meminfo_test
