#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace dmmultipath_test {

using namespace vitald;
using test::lines;

namespace {

void map(const test::Tree& tree, const std::string& name, const std::string& called, const std::string& uuid) {
  const auto in = "sys/block/" + name + "/";
  tree.file(in + "dm/name", called + "\n");
  tree.file(in + "dm/uuid", uuid + "\n");
  tree.file(in + "dm/suspended", "0\n");
  tree.file(in + "size", "8\n");
  tree.dir(in + "slaves");
}

void path(const test::Tree& tree, const std::string& of, const std::string& name, const std::string& state) {
  tree.link("sys/block/" + of + "/slaves/" + name, "../../" + name);
  tree.file("sys/block/" + name + "/device/state", state);
}

void usual(const test::Tree& tree) {
  map(tree, "dm-3", "mpatha", "mpath-3600508b4");
  map(tree, "dm-4", "root", "LVM-8Wk3");
  map(tree, "dm-5", "plain", "");
  path(tree, "dm-3", "sda", "running\n");
  path(tree, "dm-3", "sdb", "offline\n");
  path(tree, "dm-3", "nvme1n1", "live\n");
}

constexpr std::string_view page =
    "# HELP node_dmmultipath_device_active 1 where the device works, 0 where it is suspended.\n"
    "# TYPE node_dmmultipath_device_active gauge\n"
    "node_dmmultipath_device_active{device=\"mpatha\",sysfs_name=\"dm-3\"} 1\n"
    "# HELP node_dmmultipath_device_info What the device is.\n# TYPE node_dmmultipath_device_info gauge\n"
    "node_dmmultipath_device_info{device=\"mpatha\",sysfs_name=\"dm-3\",uuid=\"mpath-3600508b4\"} 1\n"
    "# HELP node_dmmultipath_device_paths Paths of the device.\n# TYPE node_dmmultipath_device_paths gauge\n"
    "node_dmmultipath_device_paths{device=\"mpatha\",sysfs_name=\"dm-3\"} 3\n"
    "# HELP node_dmmultipath_device_paths_active Paths that are running or live.\n"
    "# TYPE node_dmmultipath_device_paths_active gauge\n"
    "node_dmmultipath_device_paths_active{device=\"mpatha\",sysfs_name=\"dm-3\"} 2\n"
    "# HELP node_dmmultipath_device_paths_failed Paths that are not.\n"
    "# TYPE node_dmmultipath_device_paths_failed gauge\n"
    "node_dmmultipath_device_paths_failed{device=\"mpatha\",sysfs_name=\"dm-3\"} 1\n"
    "# HELP node_dmmultipath_device_size_bytes Size of the device.\n"
    "# TYPE node_dmmultipath_device_size_bytes gauge\n"
    "node_dmmultipath_device_size_bytes{device=\"mpatha\",sysfs_name=\"dm-3\"} 4096\n"
    "# HELP node_dmmultipath_path_state The state of each path, as SCSI or NVMe tell it.\n"
    "# TYPE node_dmmultipath_path_state gauge\n"
    "node_dmmultipath_path_state{device=\"mpatha\",path=\"nvme1n1\",state=\"live\"} 1\n"
    "node_dmmultipath_path_state{device=\"mpatha\",path=\"sda\",state=\"running\"} 1\n"
    "node_dmmultipath_path_state{device=\"mpatha\",path=\"sdb\",state=\"offline\"} 1\n";

}  // namespace

TEST_SUITE("disk/dmmultipath") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    usual(tree);
    test::Running multipath(tree, "dmmultipath");
    CHECK(multipath.text() == page);
    CHECK(multipath.json().starts_with(
        R"([{"device":"mpatha","sysfs_name":"dm-3","uuid":"mpath-3600508b4","device_active":1,"device_paths":3,)"));
    CHECK(test::allocations_of([&] { CHECK(multipath.collect().has_value()); }) == 0);
  }

  TEST_CASE("without multipath devices there is nothing to show, without /sys/block no data") {
    test::Tree tree;
    test::Running multipath(tree, "dmmultipath");
    CHECK(state_of(multipath.collect().error()) == State::absent);
    tree.dir("sys/block/sda");
    map(tree, "dm-0", "root", "LVM-8Wk3");
    map(tree, "dm-x", "odd", "mpath-1");
    CHECK(multipath.text().empty());
    map(tree, "dm-0", "root", "mpath-1");
    CHECK(lines(multipath.text(), "node_dmmultipath_device_paths{") ==
          "node_dmmultipath_device_paths{device=\"root\",sysfs_name=\"dm-0\"} 0\n");
  }

  TEST_CASE("a path whose state nobody knows is a failed one") {
    test::Tree tree;
    usual(tree);
    test::Running multipath(tree, "dmmultipath");
    const auto shown = [&] {
      const auto text = multipath.text();
      return lines(text, "node_dmmultipath_path_state{device=\"mpatha\",path=\"sda\"") +
             lines(text, "node_dmmultipath_device_paths_failed");
    };
    const std::string unknown =
        "node_dmmultipath_path_state{device=\"mpatha\",path=\"sda\",state=\"unknown\"} 1\n"
        "node_dmmultipath_device_paths_failed{device=\"mpatha\",sysfs_name=\"dm-3\"} 2\n";
    for (const auto* state : {"", "\n"}) {
      path(tree, "dm-3", "sda", state);
      CHECK(shown() == unknown);
    }
    tree.remove("sys/block/sda/device");
    CHECK(shown() == unknown);
    tree.dir("sys/block/sda/device/state");
    CHECK(state_of(multipath.collect().error()) == State::parse);
    tree.remove("sys/block/sda/device/state");
    path(tree, "dm-3", "sda", "transport-offline\n");
    CHECK(shown().find("state=\"transport-offline\"") != std::string::npos);
    path(tree, "dm-3", "sda", "running\n");
    CHECK(multipath.text() == page);
  }

  TEST_CASE("maps and paths come and go, under any name") {
    test::Tree tree;
    usual(tree);
    test::Running multipath(tree, "dmmultipath");
    CHECK(multipath.text() == page);
    tree.remove("sys/block/dm-3/slaves/sdb");
    CHECK(lines(multipath.text(), "node_dmmultipath_device_paths{").ends_with(" 2\n"));
    tree.remove("sys/block/dm-3/slaves");
    CHECK(lines(multipath.text(), "node_dmmultipath_device_paths{").ends_with(" 0\n"));
    tree.file("sys/block/dm-3/dm/name", "a \"b\"\\\xff\n");
    tree.file("sys/block/dm-3/dm/suspended", "1\n");
    CHECK(lines(multipath.text(), "node_dmmultipath_device_active") ==
          "node_dmmultipath_device_active{device=\"a \\\"b\\\"\\\\\xEF\xBF\xBD\",sysfs_name=\"dm-3\"} 0\n");
    tree.remove("sys/block/dm-3");
    CHECK(multipath.text().empty());
  }

  TEST_CASE("what is no number is a fault, what is missing no sample") {
    test::Tree tree;
    usual(tree);
    test::Running multipath(tree, "dmmultipath");
    const std::pair<const char*, const char*> faults[] = {
        {"size", "x\n"}, {"size", "-8\n"}, {"size", "36028797018963968\n"}, {"dm/suspended", "2\n"}};
    for (const auto& [file, text] : faults) {
      tree.file(std::string("sys/block/dm-3/") + file, text);
      CHECK_MESSAGE(state_of(multipath.collect().error()) == State::parse, file);
      usual(tree);
      CHECK(multipath.text() == page);
    }
    tree.remove("sys/block/dm-3/size");
    tree.file("sys/block/dm-3/dm/suspended", "");
    const auto text = multipath.text();
    CHECK(lines(text, "node_dmmultipath_device_size_bytes").empty());
    CHECK(lines(text, "node_dmmultipath_device_active").empty());
    CHECK_FALSE(lines(text, "node_dmmultipath_device_info").empty());
    tree.remove("sys/block/dm-3/dm/name");  // it is going
    CHECK(multipath.text().empty());
  }
}

}  // namespace dmmultipath_test
