#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <sys/utsname.h>

namespace uname_test {

using namespace vitald;

TEST_SUITE("kernel/uname") {
  TEST_CASE("what a scrape and the API show is what the kernel says, labels in order") {
    test::Tree tree;
    test::Running uname(tree, "uname");
    utsname names;
    REQUIRE(::uname(&names) == 0);
    const auto label = [](const char* name, const char* value) { return std::string(name) + "=\"" + value + "\""; };
    CHECK(test::lines(uname.text(), "node_") ==
          "node_uname_info{" + label("domainname", names.domainname) + "," + label("machine", names.machine) + "," +
              label("nodename", names.nodename) + "," + label("release", names.release) + "," +
              label("sysname", names.sysname) + "," + label("version", names.version) + "} 1\n");
    CHECK(uname.json().starts_with(std::string(R"([{"domainname":")") + names.domainname + R"(","machine":")"));
    CHECK(test::allocations_of([&] { CHECK(uname.collect().has_value()); }) == 0);
  }
}

}  // namespace uname_test
