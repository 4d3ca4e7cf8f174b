#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace entropy_test {

using namespace vitald;

namespace {

constexpr const char *available = "proc/sys/kernel/random/entropy_avail", *pool = "proc/sys/kernel/random/poolsize";

}  // namespace

TEST_SUITE("kernel/entropy") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file(available, "3121\n");
    tree.file(pool, "4096\n");
    test::Running entropy(tree, "entropy");
    const auto text = entropy.text();
    CHECK(test::lines(text, "node_") == "node_entropy_available_bits 3121\nnode_entropy_pool_size_bits 4096\n");
    CHECK(test::lines(text, "# TYPE") ==
          "# TYPE node_entropy_available_bits gauge\n# TYPE node_entropy_pool_size_bits gauge\n");
    CHECK(entropy.json() == R"([{"available_bits":3121,"pool_size_bits":4096}])");
    CHECK(test::allocations_of([&] { CHECK(entropy.collect().has_value()); }) == 0);
  }

  TEST_CASE("a missing file is absent, what the kernel does not write is a fault, and good text is read again") {
    test::Tree tree;
    test::Running entropy(tree, "entropy");
    for (const auto* path : {available, pool}) {
      tree.file(available, "256\n");
      tree.file(pool, "256\n");
      tree.remove(path);
      CHECK(state_of(entropy.collect().error()) == State::absent);
      for (const char* text : {"", "\n", "x\n", "-1\n", "25 6\n", "25\n6\n", "0x1\n", "\xff\n"}) {
        tree.file(path, text);
        CHECK_MESSAGE(state_of(entropy.collect().error()) == State::parse, text);
      }
      for (const char* text : {"7\n", "7", "7 \t\n", "7\r\n", "7 "}) {  // copies may end otherwise
        tree.file(path, text);
        CHECK_MESSAGE(entropy.text().find("_bits 7\n") != std::string::npos, text);
      }
    }
  }
}

}  // namespace entropy_test
