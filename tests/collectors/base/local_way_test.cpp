#include "collectors/base/local_way.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>

namespace local_way_test {

using namespace vitald;

TEST_SUITE("base/local_way") {
  TEST_CASE("nothing on the way, and nothing below, may be able to hang") {
    std::vector<MountLine> table;
    REQUIRE(parse_mountinfo("1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /srv/far rw - nfs4 b rw\n"
                            "3 2 0:3 / /srv/far/near rw - ext4 c rw\n4 1 0:4 / /var rw - xfs d rw\n",
                            table)
                .has_value());
    CHECK(surroundings_are_local("/etc", table));
    CHECK(surroundings_are_local("/var/lib/metrics", table));
    CHECK(surroundings_are_local("/var", table));
    CHECK(surroundings_are_local("/srv/farther", table));
    CHECK_FALSE(surroundings_are_local("/srv", table));
    CHECK_FALSE(surroundings_are_local("/", table));
    CHECK_FALSE(surroundings_are_local("/srv/far", table));
    CHECK_FALSE(surroundings_are_local("/srv/far/near/x", table));
  }

  TEST_CASE("the kernel's table is read once while it stays the same") {
    LocalWay way;
    CHECK(way.changed());
    CHECK_FALSE(way.changed());
    CHECK_FALSE(way.is_around("/a path with blanks"));
  }

  TEST_CASE("without the kernel's own table no way is known to be good") {
    const test::Tree tree;
    LocalWay none(tree.path("nowhere"));
    CHECK(none.changed());
    CHECK(none.changed());
    CHECK_FALSE(none.is_around("/etc"));
    tree.file("table", "1 0 0:1 / / rw - ext4 a rw\n");
    LocalWay copy(tree.path("table"));
    CHECK(copy.changed());
    CHECK_FALSE(copy.is_around("/etc"));
  }
}

}  // namespace local_way_test
