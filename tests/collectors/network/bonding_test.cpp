#include "collectors/network/bonding.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace bonding_test {

using namespace vitald;

namespace {

void bond(const test::Tree& tree, const std::string& name, const std::string& slaves) {
  tree.file("sys/class/net/" + name + "/bonding/slaves", slaves);
}
std::string status_of(const std::string& bond, const std::string& slave) {
  return "sys/class/net/" + bond + "/" + slave + "/bonding_slave/mii_status";
}

void usual(const test::Tree& tree) {
  tree.file("sys/class/net/bonding_masters", "bond0 dmz\n");
  bond(tree, "bond0", "eno1 eno2\n");
  tree.file(status_of("bond0", "lower_eno1"), "up\n");
  tree.file(status_of("bond0", "lower_eno2"), "going down\n");
  bond(tree, "dmz", "");
}

}  // namespace

TEST_SUITE("network/bonding") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    usual(tree);
    test::Running bonding(tree, "bonding");
    CHECK(bonding.text() ==
          "# HELP node_bonding_active Slaves whose link is up.\n# TYPE node_bonding_active gauge\n"
          "node_bonding_active{master=\"bond0\"} 1\nnode_bonding_active{master=\"dmz\"} 0\n"
          "# HELP node_bonding_slaves Slaves of the bond.\n# TYPE node_bonding_slaves gauge\n"
          "node_bonding_slaves{master=\"bond0\"} 2\nnode_bonding_slaves{master=\"dmz\"} 0\n");
    CHECK(bonding.json() == R"([{"master":"bond0","active":1,"slaves":2},{"master":"dmz","active":0,"slaves":0}])");
    CHECK(test::allocations_of([&] { CHECK(bonding.collect().has_value()); }) == 0);
  }

  TEST_CASE("old kernels call the link slave_NAME, and bonds come, change and go") {
    test::Tree tree;
    tree.file("sys/class/net/bonding_masters", "bond0\n");
    bond(tree, "bond0", "eth0 eth1\n");
    tree.file(status_of("bond0", "slave_eth0"), "up\n");
    tree.file(status_of("bond0", "slave_eth1"), "up\n");
    test::Running bonding(tree, "bonding");
    const auto shown = [&] { return test::lines(bonding.text(), "node_"); };
    CHECK(shown() == "node_bonding_active{master=\"bond0\"} 2\nnode_bonding_slaves{master=\"bond0\"} 2\n");
    CHECK(test::allocations_of([&] { CHECK(bonding.collect().has_value()); }) == 0);
    usual(tree);
    CHECK(shown().starts_with("node_bonding_active{master=\"bond0\"} 1\nnode_bonding_active{master=\"dmz\"} 0\n"));
    tree.file("sys/class/net/bonding_masters", "");
    CHECK(shown().empty());
  }

  TEST_CASE("without the module there is no data, and one slave that cannot be read is a fault") {
    test::Tree tree;
    test::Running bonding(tree, "bonding");
    CHECK(state_of(bonding.collect().error()) == State::absent);
    usual(tree);
    CHECK(bonding.collect().has_value());
    tree.remove(status_of("bond0", "lower_eno2"));
    CHECK(bonding.collect().error().code.value() == ENOENT);
    tree.dir(status_of("bond0", "lower_eno2"));
    CHECK(bonding.collect().error().code == Parse::not_a_file);
    usual(tree);
    CHECK(bonding.collect().has_value());
    tree.remove("sys/class/net/dmz/bonding/slaves");
    CHECK(bonding.collect().has_error());
  }

  TEST_CASE("a link is up, or not; a copy's text may lack its end") {
    for (const std::string word : {"up", "down", "going down", "going back", "unknown", "fail", "UP"})
      for (const char* end : {"\n", "", " \n"}) {
        const auto up = network::parse_link_status(word + end);
        REQUIRE_MESSAGE(up.has_value(), word);
        CHECK_MESSAGE(*up == (word == "up"), word);
      }
    for (const char* text : {"", "\n", "up\nup\n", "\xff\n"})
      CHECK_MESSAGE(network::parse_link_status(text).has_error(), text);
    for (const char* text : {"bond0 bond1\n", "bond0 bond1"})
      CHECK(network::parse_interfaces(text).value() == "bond0 bond1");
    CHECK(network::parse_interfaces("").value().empty());
    for (const char* text : {"a\nb\n", "../a\n", "a\tb\n", "a\x01\n"})
      CHECK_MESSAGE(network::parse_interfaces(text).has_error(), text);
  }

  TEST_CASE("a bond that is listed twice is shown once") {
    test::Tree tree;
    usual(tree);
    tree.file("sys/class/net/bonding_masters", "bond0 dmz bond0\n");
    CHECK(test::lines(test::Running(tree, "bonding").text(), "node_bonding_slaves") ==
          "node_bonding_slaves{master=\"bond0\"} 2\nnode_bonding_slaves{master=\"dmz\"} 0\n");
  }

  TEST_CASE("odd names come out as valid labels") {
    test::Tree tree;
    tree.file("sys/class/net/bonding_masters", "a\"b\\c \xff\n");
    bond(tree, "a\"b\\c", "");
    bond(tree, "\xff", "");
    CHECK(test::lines(test::Running(tree, "bonding").text(), "node_bonding_slaves") ==
          "node_bonding_slaves{master=\"a\\\"b\\\\c\"} 0\nnode_bonding_slaves{master=\"\xef\xbf\xbd\"} 0\n");
  }
}

}  // namespace bonding_test
