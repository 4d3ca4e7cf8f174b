#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace loadavg_test {

using namespace vitald;

TEST_SUITE("kernel/loadavg") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file("proc/loadavg", "0.52 0.48 0.31 1/105 6000\n");
    test::Running loadavg(tree, "loadavg");
    CHECK(loadavg.text() ==
          "# HELP node_load1 Load average over one minute.\n# TYPE node_load1 gauge\nnode_load1 0.52\n"
          "# HELP node_load15 Load average over fifteen minutes.\n# TYPE node_load15 gauge\nnode_load15 0.31\n"
          "# HELP node_load5 Load average over five minutes.\n# TYPE node_load5 gauge\nnode_load5 0.48\n");
    CHECK(loadavg.json() == R"([{"load1":0.52,"load15":0.31,"load5":0.48}])");
  }

  TEST_CASE("a text cut anywhere is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running loadavg(tree, "loadavg");
    const std::string whole = "0.52 0.48 0.31";
    for (std::size_t n = 0; n < 10; ++n) {  // from the third number's first digit on it is one again
      tree.file("proc/loadavg", whole.substr(0, n));
      CHECK_MESSAGE(loadavg.collect().has_error(), n);
    }
    tree.file("proc/loadavg", whole);
    CHECK(loadavg.collect().has_value());
  }

  TEST_CASE("the numbers stand in the first line, between blanks or tabs") {
    test::Tree tree;
    test::Running loadavg(tree, "loadavg");
    for (const char* text : {"1 2 3\n", "1\t2\t3 1/2 3\n", " 1  2 \t3\t\n", "1 2 3\n4 5 6\n", "1 2 3 x\ny"}) {
      tree.file("proc/loadavg", text);
      CHECK_MESSAGE(loadavg.text().ends_with("node_load5 2\n"), text);
      CHECK(loadavg.json() == R"([{"load1":1,"load15":3,"load5":2}])");
    }
  }

  TEST_CASE("words, signs and missing files are told apart") {
    test::Tree tree;
    test::Running loadavg(tree, "loadavg");
    CHECK(state_of(loadavg.collect().error()) == State::absent);
    for (const char* text :
         {"a b c\n", "nan inf 1\n", "-1 0 0\n", "0x1 1 1\n", "1,5 1 1\n", "1\n2\n3\n", "1 2\n3\n", "\n1 2 3\n"}) {
      tree.file("proc/loadavg", text);
      CHECK(state_of(loadavg.collect().error()) == State::parse);
    }
  }
}

}  // namespace loadavg_test
