#include "collectors/disk/mdadm.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace mdadm_test {

using namespace vitald;

namespace {

const std::string head = "Personalities : [raid1] [raid6] [raid5] [raid4] [raid0] \n";
const std::string tail = "unused devices: <none>\n";
const std::string mirror = "md0 : active raid1 sdb1[1] sda1[0]\n      1046528 blocks super 1.2 [2/2] [UU]\n";
const std::string rebuilt =
    "md1 : active raid5 sdf1[5](S) sde1[4](F) sdd1[2] sdc1[1] sdb2[0]\n"
    "      8790400512 blocks super 1.2 level 5, 512k chunk, algorithm 2 [4/3] [UUU_]\n"
    "      [=>...................]  recovery =  8.5% (249061326/2930133504) finish=217.0min speed=205890K/sec\n"
    "      bitmap: 3/22 pages [12KB], 65536KB chunk\n\n";

struct Parsed {
  Table<disk::Array> layout{};
  Sheet<disk::Array> sheet{layout};
  Result<void> operator()(std::string_view text) {
    sheet.rewind();
    return disk::parse_mdstat(text, sheet);
  }
  // "active", "active 5/100" where blocks differ from the synced ones, "-" for none
  std::string operator[](const std::string& lines) {
    const auto done = (*this)(head + lines + tail);
    if (!done) return to_string(done.error());
    REQUIRE(sheet.view().size() == 1);
    const auto& row = sheet.view()[0];
    std::string told;
    for (const auto& [state, name] : {std::pair{row.active, "active"},
                                      {row.check, "check"},
                                      {row.inactive, "inactive"},
                                      {row.recovering, "recovering"},
                                      {row.resync, "resync"}})
      if (state == 1) told += name;
    const auto number = [](const auto& value) { return value ? std::to_string(*value) : std::string("-"); };
    if (row.blocks != row.blocks_synced) told += " " + number(row.blocks_synced) + "/" + number(row.blocks);
    for (const auto count : {row.disks_active, row.disks_failed, row.disks_spare, row.disks_required})
      told += " " + std::to_string(count);
    return told;
  }
};

std::string array(std::string_view device, std::string_view status, std::string_view more = "") {
  std::string text = "md0 : ";
  text.append(device).append("\n      ").append(status).append("\n      ");
  if (!more.empty()) text.append(more).append("\n      ");
  return text + "\n";
}

}  // namespace

TEST_SUITE("disk/mdadm") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file("proc/mdstat", head + rebuilt + tail);
    tree.file("sys/block/md1/md/raid_disks", "4\n");
    tree.file("sys/block/md1/md/degraded", "1\n");
    test::Running mdadm(tree, "mdadm");
    const auto text = mdadm.text();
    CHECK(test::lines(text, "node_") ==
          "node_md_blocks{device=\"md1\"} 8790400512\nnode_md_blocks_synced{device=\"md1\"} 249061326\n"
          "node_md_disks{device=\"md1\",state=\"active\"} 3\nnode_md_disks{device=\"md1\",state=\"failed\"} 1\n"
          "node_md_disks{device=\"md1\",state=\"spare\"} 1\nnode_md_disks_required{device=\"md1\"} 4\n"
          "node_md_state{device=\"md1\",state=\"active\"} 0\nnode_md_state{device=\"md1\",state=\"check\"} 0\n"
          "node_md_state{device=\"md1\",state=\"inactive\"} 0\nnode_md_state{device=\"md1\",state=\"recovering\"} 1\n"
          "node_md_state{device=\"md1\",state=\"resync\"} 0\n"
          "node_md_degraded{device=\"md1\"} 1\nnode_md_raid_disks{device=\"md1\"} 4\n");
    CHECK(test::lines(text, "# TYPE node_md_blocks ") == "# TYPE node_md_blocks gauge\n");
    CHECK(mdadm.json() ==
          R"([{"device":"md1","blocks":8790400512,"blocks_synced":249061326,"disks_active":3,"disks_failed":1,)"
          R"("disks_spare":1,"disks_required":4,"active":0,"check":0,"inactive":0,"recovering":1,"resync":0}])"
          R"([{"device":"md1","degraded":1,"raid_disks":4}])");
    CHECK(test::allocations_of([&] { CHECK(mdadm.collect().has_value()); }) == 0);
  }

  TEST_CASE("arrays of each kind: state, blocks, disks that are active, failed, spare and required") {
    Parsed parse;
    CHECK(parse[mirror + "      \n"] == "active 2 0 0 2");
    CHECK(parse[rebuilt] == "recovering 249061326/8790400512 3 1 1 4");
    CHECK(parse[array("active raid10 a[0] b[1](W)", "64 blocks super 1.2 512K chunks 2 near-copies [2/2] [UU]")] ==
          "active 2 0 0 2");
    CHECK(parse[array("active raid0 a[0](F) b[1]", "64 blocks super 1.2 512k chunks")] == "active 2 1 0 2");
    CHECK(parse[array("active linear a[0]", "64 blocks super 1.2 64k rounding")] == "active 1 0 0 1");
    CHECK(parse[array("active (read-only) raid1 a[0]", "64 blocks [2/1] [U_]")] == "active 1 0 0 2");
    CHECK(parse[array("active raid1 a[1] b[0]", "64 blocks super external:/md127/0 [2/2] [UU]")] == "active 2 0 0 2");
    CHECK(parse[array("inactive a[1](S) b[0](S)", "64 blocks super external:imsm")] == "inactive 0 0 2 0");
    CHECK(parse["md0 : inactive\n       super non-persistent\n       \n"] == "inactive 0 0 0 0");
    CHECK(parse["md0 : inactive\n       \n"] == "inactive 0 0 0 0");
    CHECK(parse[array("broken raid1 a[1](F) b[0](F)", "64 blocks super 1.2 [2/1] [_U]")] == " 1 2 0 2");
  }

  TEST_CASE("how far an array is in sync") {
    Parsed parse;
    const auto with = [&](std::string_view more) {
      return parse[array("active raid1 a[1] b[0]", "100 blocks super 1.2 [2/2] [UU]", more)];
    };
    CHECK(with("\tresync=PENDING") == "resync 0/100 2 0 0 2");
    CHECK(with("\tresync=DELAYED") == "resync 0/100 2 0 0 2");
    CHECK(with("\tresync=REMOTE") == "resync -/100 2 0 0 2");
    CHECK(with("[====>]  resync = 37.5% (37/100) finish=5.4min speed=200123K/sec") == "resync 37/100 2 0 0 2");
    CHECK(with("[====>]  check =100.0% (99/100) finish=0.0min speed=200123K/sec") == "check 99/100 2 0 0 2");
    CHECK(with("[====>]  reshape =  0.1% (1/50) finish=0.4min speed=1K/sec") == " 1/100 2 0 0 2");
    CHECK(with("bitmap: 0/59 pages [0KB], 65536KB chunk") == "active 2 0 0 2");
    CHECK(with("something newer: 1/2 (3/4)") == "active 2 0 0 2");
    CHECK(with("[====>]  data-check = 37.5% (37/100) finish=5.4min") == "check 37/100 2 0 0 2");
    CHECK(with("[====>]  rebuild = 37.5% (37/100) finish=5.4min") == "active 37/100 2 0 0 2");
  }

  TEST_CASE("no arrays, or several without a blank line between them") {
    Parsed parse;
    REQUIRE(parse(head + tail).has_value());
    CHECK(parse.sheet.view().empty());
    REQUIRE(parse(head + "\n" + mirror + "md2 : active raid0 a[0]\n      5 blocks 4k chunks\n" + tail).has_value());
    REQUIRE(parse.sheet.view().size() == 2);
    CHECK(parse.sheet.view()[1].device == "md2");
    CHECK(parse.sheet.view()[1].disks_active == 1);
  }

  TEST_CASE("a text cut anywhere but behind an array is a fault") {
    Parsed parse;
    const auto text = head + rebuilt + tail;
    for (std::size_t n = 0; n < text.size(); ++n) {
      const bool behind = n == head.size() || n == text.size() - tail.size();
      CHECK_MESSAGE(parse(text.substr(0, n)).has_value() == behind, n);
    }
    CHECK(parse(text).has_value());
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    Parsed parse;
    for (const char* line : {"md1", "md1 :", "md1 active raid1 a[0]", "md1 : asleep raid1 a[0]", "md1 : active",
                             "md1 : active raid1 a", "\xff\xfe", "md0 : active raid1 a[0]", "  5 blocks"}) {
      const auto done = parse(head + mirror + "\n" + line + "\n      5 blocks [1/1] [U]\n\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 5, line);
    }
    for (const char* line :
         {"x blocks [1/1] [U]", "5 sectors [1/1] [U]", "5 blocks", "5 blocks [1] [U]", "5 blocks [1/x] [U]",
          "5 blocks [1/1]", "5 blocks [1/1] [X]", "5 blocks [1/1] []", "-5 blocks [1/1] [U]", "super non-persistent"})
      CHECK_MESSAGE(parse[array("active raid1 a[0]", line)].starts_with("/proc/mdstat:3:"), line);
    for (const char* line : {"[>]", "[>] resync", "[>] resync = 1%", "[>] resync = 1% (x/5)", "[>] resync = 1% (5)"})
      CHECK_MESSAGE(parse[array("active raid1 a[0]", "5 blocks [1/1] [U]", line)].starts_with("/proc/mdstat:4:"), line);
    CHECK(to_string(parse(tail).error()) == "/proc/mdstat:1: the layout is not known");
  }

  TEST_CASE("more arrays than any machine has are a fault") {
    std::string many = head;
    for (int i = 0; i < 5000; ++i) many += "md" + std::to_string(i) + " : inactive\n       \n";
    Parsed parse;
    CHECK(parse(many).error().code == Parse::too_large);
  }

  TEST_CASE("sysfs: an array that grows, one that cannot be degraded, a container, other devices") {
    test::Tree tree;
    tree.file("proc/mdstat", head + tail);
    tree.file("sys/block/md1/md/raid_disks", "5 (4)\n");
    tree.file("sys/block/md1/md/degraded", "0\n");
    tree.file("sys/block/md2/md/raid_disks", "2\n");
    tree.file("sys/block/md127/md/raid_disks", "");
    tree.file("sys/block/sda/md/raid_disks", "7\n");
    tree.dir("sys/block/md3");
    test::Running mdadm(tree, "mdadm");
    const std::string whole =
        "node_md_degraded{device=\"md1\"} 0\nnode_md_degraded{device=\"md2\"} 0\n"
        "node_md_raid_disks{device=\"md1\"} 5\nnode_md_raid_disks{device=\"md2\"} 2\n";
    CHECK(test::lines(mdadm.text(), "node_") == whole);
    tree.link("sys/block/md1/md/degraded", "degraded");  // it is there, and cannot be read
    CHECK(test::lines(mdadm.text(), "node_md_degraded") == "node_md_degraded{device=\"md2\"} 0\n");
    for (const char* bad : {"x\n", "5 4\n", "5 (x)\n", "5 ()\n", "-1\n"}) {
      tree.file("sys/block/md1/md/raid_disks", bad);
      CHECK_MESSAGE(state_of(mdadm.collect().error()) == State::parse, bad);
    }
    tree.file("sys/block/md1/md/raid_disks", "5\n");
    tree.file("sys/block/md1/md/degraded", "0\n");
    CHECK(test::lines(mdadm.text(), "node_") == whole);
    tree.remove("sys/block");
    CHECK(mdadm.text().empty());
  }

  TEST_CASE("a kernel without software RAID has no such file; an empty one is a fault") {
    test::Tree tree;
    test::Running mdadm(tree, "mdadm");
    CHECK(state_of(mdadm.collect().error()) == State::absent);
    tree.file("proc/mdstat", "");
    CHECK(mdadm.collect().error().code == Parse::empty);
    tree.file("proc/mdstat", head + mirror + "\n" + tail);
    CHECK(mdadm.collect().has_value());
  }
}

}  // namespace mdadm_test
