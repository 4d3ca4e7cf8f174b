#include "collectors/kernel/selinux.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace selinux_test {

using namespace vitald;

namespace {

constexpr const char *enforce = "sys/fs/selinux/enforce", *config = "etc/selinux/config";
constexpr std::string_view usual =
    "# SELINUX= can take one of these three values\n; a remark\n\nSELINUX=enforcing\nSELINUXTYPE=targeted\n";

}  // namespace

TEST_SUITE("kernel/selinux") {
  TEST_CASE("disabled it tells just that") {
    test::Tree tree;
    tree.file(config, usual);
    test::Running selinux(tree, "selinux");
    const auto text = selinux.text();
    CHECK(test::lines(text, "node_") == "node_selinux_enabled 0\n");
    CHECK(test::lines(text, "# TYPE") == "# TYPE node_selinux_enabled gauge\n");
    CHECK(selinux.json() == R"([{"config_mode":null,"current_mode":null,"enabled":0}])");
    tree.dir("sys/fs/selinux");  // the file system is not mounted
    CHECK(test::lines(selinux.text(), "node_") == "node_selinux_enabled 0\n");
  }

  TEST_CASE("enabled it tells its mode, and the one that is configured") {
    test::Tree tree;
    tree.file(enforce, "0");
    tree.file(config, usual);
    test::Running selinux(tree, "selinux");
    CHECK(test::lines(selinux.text(), "node_") ==
          "node_selinux_config_mode 1\nnode_selinux_current_mode 0\nnode_selinux_enabled 1\n");
    CHECK(test::allocations_of([&] { CHECK(selinux.collect().has_value()); }) == 0);
    tree.file(enforce, "1");
    tree.file(config, " SELINUX = \"permissive\"\n");
    CHECK(test::lines(selinux.text(), "node_") ==
          "node_selinux_config_mode 0\nnode_selinux_current_mode 1\nnode_selinux_enabled 1\n");
    tree.remove(config);
    CHECK(test::lines(selinux.text(), "node_selinux_config_mode") == "node_selinux_config_mode -1\n");
  }

  TEST_CASE("as long as no policy is loaded it is as good as disabled") {
    test::Tree tree;
    tree.file(enforce, "0");
    test::Running selinux(tree, "selinux");
    tree.file("proc/self/attr/current", std::string_view("kernel\0", 7));
    CHECK(test::lines(selinux.text(), "node_") == "node_selinux_enabled 0\n");
    tree.file("proc/self/attr/current", "system_u:system_r:init_t:s0");
    CHECK(test::lines(selinux.text(), "node_selinux_enabled") == "node_selinux_enabled 1\n");
  }

  TEST_CASE("the configured mode") {
    CHECK(kernel::parse_selinux_config(usual).value() == 1);
    CHECK(kernel::parse_selinux_config("SELINUX=disabled").value() == -1);
    CHECK(kernel::parse_selinux_config("#SELINUX=enforcing\nSELINUX=permissive # a remark\n").value() == 0);
    for (const char* text : {"", "SELINUXTYPE=targeted\n", "SELINUX=\n", "SELINUX=Enforcing\n", "SELINUX\n"})
      CHECK_MESSAGE(kernel::parse_selinux_config(text).has_error(), text);
  }

  TEST_CASE("what is not understood is a fault, and good text is read again") {
    test::Tree tree;
    tree.file(config, usual);
    test::Running selinux(tree, "selinux");
    for (const char* text : {"", "2", "-1", "x", "1\n", "01", " 1"}) {
      tree.file(enforce, text);
      CHECK_MESSAGE(state_of(selinux.collect().error()) == State::parse, text);
    }
    tree.file(enforce, "1");
    CHECK(selinux.collect().has_value());
    tree.file(config, "?");
    CHECK(state_of(selinux.collect().error()) == State::parse);
    tree.file(config, usual);
    CHECK(selinux.collect().has_value());
  }
}

}  // namespace selinux_test
