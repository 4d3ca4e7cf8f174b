#include "collectors/filesystem/filefd.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace filefd_test {

using namespace vitald;

TEST_SUITE("filesystem/filefd") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file("proc/sys/fs/file-nr", "1216\t0\t9223372036854775807\n");
    test::Running filefd(tree, "filefd");
    CHECK(filefd.text() ==
          "# HELP node_filefd_allocated File handles in use on the whole machine.\n"
          "# TYPE node_filefd_allocated gauge\nnode_filefd_allocated 1216\n"
          "# HELP node_filefd_maximum File handles that may be in use at most.\n"
          "# TYPE node_filefd_maximum gauge\nnode_filefd_maximum 9223372036854775807\n");
    CHECK(filefd.json() == R"([{"allocated":1216,"maximum":9223372036854775807}])");
    CHECK(test::allocations_of([&] { CHECK(filefd.collect().has_value()); }) == 0);
  }

  TEST_CASE("a text cut anywhere is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running filefd(tree, "filefd");
    CHECK(state_of(filefd.collect().error()) == State::absent);
    const std::string whole = "1216\t0\t98";
    for (std::size_t n = 0; n < 8; ++n) {  // from the third number's first digit on it is one again
      tree.file("proc/sys/fs/file-nr", whole.substr(0, n));
      CHECK_MESSAGE(filefd.collect().has_error(), n);
    }
    tree.file("proc/sys/fs/file-nr", whole);
    CHECK(filefd.text().ends_with("node_filefd_maximum 98\n"));
  }

  TEST_CASE("copies may end with blanks, another line's end, or none") {
    test::Tree tree;
    test::Running filefd(tree, "filefd");
    for (const char* text :
         {"1\t0\t98", "1\t0\t98 \n", "1\t0\t98\r\n", "1\t0\t98\t\r\n", "1\t0\t98 ", "1\t0\t98\n\n"}) {
      tree.file("proc/sys/fs/file-nr", text);
      CHECK_MESSAGE(filefd.text().ends_with("node_filefd_maximum 98\n"), text);
    }
  }

  TEST_CASE("fields stand between tabs, and more of them are fine") {
    test::Tree tree;
    test::Running filefd(tree, "filefd");
    tree.file("proc/sys/fs/file-nr", "1\t2\t3\t4\n");
    CHECK(filefd.text().ends_with("node_filefd_maximum 3\n"));
    for (const char* text : {"1 2 3\n", "-1\t0\t5\n", "1\t0\tx\n", "1\t\t\n", "\xff\n", "1\t0\n3\n"}) {
      tree.file("proc/sys/fs/file-nr", text);
      CHECK_MESSAGE(state_of(filefd.collect().error()) == State::parse, text);
    }
  }
}

}  // namespace filefd_test
