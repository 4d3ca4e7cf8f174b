#include "collectors/disk/diskstats.hpp"

#include "collectors/base/filter.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

namespace diskstats_test {

using namespace vitald;

namespace {

constexpr std::string_view exclude = "collector.diskstats.device-exclude";
constexpr std::string_view include = "collector.diskstats.device-include";

const std::string sda = "   8       0 sda 1 2 3 9 5 6 7 13 3 18 26 1 2 3 36 6 43\n";
const std::string udev =
    "S:disk/by-id/x\nI:123\nE:ID_ATA=1\nE:ID_ATA_ROTATION_RATE_RPM=7200\nE:ID_ATA_WRITE_CACHE=1\n"
    "E:ID_ATA_WRITE_CACHE_ENABLED=0\nE:ID_MODEL=Foo=Bar \"x\\x20\nE:ID_PATH=pci-0\nE:ID_REVISION=1\nE:ID_SERIAL=long\n"
    "E:ID_SERIAL_SHORT=short\nE:ID_WWN=0x5\nE:ID_FS_TYPE=ext4\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID=u\n"
    "E:ID_FS_VERSION=1.0\nE:DM_NAME=n\nE:DM_UUID=d\nE:DM_VG_NAME=vg\nE:DM_LV_NAME=lv\nE:DM_LV_LAYER=l\nG:systemd\n";

std::string devices(const std::string& text) {  // the names that node_disk_io_now has
  std::string names;
  for (std::size_t at = 0; (at = text.find("\nnode_disk_io_now{device=\"", at)) != text.npos;) {
    at += 26;
    names.append(text, at, text.find('"', at) - at).push_back(' ');
  }
  return names;
}

std::string lines_of(std::initializer_list<const char*> names) {
  std::string text;
  for (const auto* name : names) text.append("8 0 ").append(name).append(" 1 2 3 4 5 6 7 8 9 10 11\n");
  return text;
}

std::string parsed(std::string_view text) {
  const Options none;
  SeenNames all(Filter(none, include, exclude));
  const Table<disk::Disk> table{};
  Sheet<disk::Disk> sheet{table};
  const auto done = disk::parse_diskstats(text, all, sheet);
  return done ? std::to_string(sheet.view().size()) : to_string(done.error());
}

}  // namespace

TEST_SUITE("disk/diskstats") {
  TEST_CASE("what a scrape shows, to the last digit of the peer's seconds") {
    test::Tree tree;
    tree.file("proc/diskstats", sda);
    tree.file("udev/b8:0", udev);
    tree.file("sys/block/sda/queue/rotational", "1\n");
    test::Running running(tree, "diskstats");
    CHECK(test::lines(running.text(), "node_") ==
          "node_disk_ata_rotation_rate_rpm{device=\"sda\"} 7200\nnode_disk_ata_write_cache{device=\"sda\"} 1\n"
          "node_disk_ata_write_cache_enabled{device=\"sda\"} 0\n"
          "node_disk_discard_time_seconds_total{device=\"sda\"} 0.036000000000000004\n"
          "node_disk_discarded_sectors_total{device=\"sda\"} 3\nnode_disk_discards_completed_total{device=\"sda\"} 1\n"
          "node_disk_discards_merged_total{device=\"sda\"} 2\n"
          "node_disk_flush_requests_time_seconds_total{device=\"sda\"} 0.043000000000000003\n"
          "node_disk_flush_requests_total{device=\"sda\"} 6\n"
          "node_disk_info{device=\"sda\",major=\"8\",minor=\"0\",model=\"Foo=Bar \\\"x\\\\x20\",path=\"pci-0\","
          "revision=\"1\",rotational=\"1\",serial=\"short\",wwn=\"0x5\"} 1\n"
          "node_disk_io_now{device=\"sda\"} 3\nnode_disk_io_time_seconds_total{device=\"sda\"} 0.018000000000000002\n"
          "node_disk_io_time_weighted_seconds_total{device=\"sda\"} 0.026000000000000002\n"
          "node_disk_read_bytes_total{device=\"sda\"} 1536\n"
          "node_disk_read_time_seconds_total{device=\"sda\"} 0.009000000000000001\n"
          "node_disk_reads_completed_total{device=\"sda\"} 1\nnode_disk_reads_merged_total{device=\"sda\"} 2\n"
          "node_disk_write_time_seconds_total{device=\"sda\"} 0.013000000000000001\n"
          "node_disk_writes_completed_total{device=\"sda\"} 5\nnode_disk_writes_merged_total{device=\"sda\"} 6\n"
          "node_disk_written_bytes_total{device=\"sda\"} 3584\n"
          "node_disk_filesystem_info{device=\"sda\",type=\"ext4\",usage=\"filesystem\",uuid=\"u\",version=\"1.0\"} 1\n"
          "node_disk_device_mapper_info{device=\"sda\",lv_layer=\"l\",lv_name=\"lv\",name=\"n\",uuid=\"d\",vg_name="
          "\"vg\"} 1\n");
    CHECK(test::allocations_of([&] { CHECK(running.collect().has_value()); }) == 0);
  }

  TEST_CASE("what the API shows") {
    test::Tree tree;
    tree.file("proc/diskstats", "8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n");
    test::Running running(tree, "diskstats");
    CHECK(
        running.json() ==
        R"([{"device":"sda","major":"8","minor":"0","model":"","path":"","revision":"","rotational":"0","serial":"",)"
        R"("wwn":"","ata_rotation_rate_rpm":null,"ata_write_cache":null,"ata_write_cache_enabled":null,)"
        R"("discard_time_seconds":null,"discarded_sectors":null,"discards_completed":null,"discards_merged":null,)"
        R"("flush_requests_time_seconds":null,"flush_requests":null,"io_now":9,"io_time_seconds":0.01,)"
        R"("io_time_weighted_seconds":0.011,"read_bytes":1536,"read_time_seconds":0.004,"reads_completed":1,)"
        R"("reads_merged":2,"write_time_seconds":0.008,"writes_completed":5,"writes_merged":6,"written_bytes":3584}][][])");
  }

  TEST_CASE("older kernels have fewer columns, newer ones may have more") {
    test::Tree tree;
    tree.file("proc/diskstats",
              "8 0 a 1 2 3 4 5 6 7 8 9 10 11\n8 1 b 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n"
              "8 2 c 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x\n");
    test::Running running(tree, "diskstats");
    const auto text = running.text();
    CHECK(devices(text) == "a b c ");
    CHECK(test::lines(text, "node_disk_discards_completed") ==
          "node_disk_discards_completed_total{device=\"b\"} 12\nnode_disk_discards_completed_total{device=\"c\"} 12\n");
    CHECK(test::lines(text, "node_disk_flush_requests_total") == "node_disk_flush_requests_total{device=\"c\"} 16\n");
  }

  TEST_CASE("LXCFS writes 17 columns, and kernels before 2.6.25 7 for partitions") {
    test::Tree tree;
    tree.file("proc/diskstats", "8 0 a 1 2 3 4 5 6 7 8 9 10 11 12 13 14\n8 1 a1 1 2 3 4\n");
    const auto text = test::Running(tree, "diskstats").text();
    CHECK(devices(text) == "a ");
    CHECK(test::lines(text, "node_disk_io_time_weighted") ==
          "node_disk_io_time_weighted_seconds_total{device=\"a\"} 0.011\n");
    CHECK(text.find("discard") == std::string::npos);
  }

  TEST_CASE("a text cut anywhere is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running running(tree, "diskstats");
    CHECK(state_of(running.collect().error()) == State::absent);
    for (std::size_t n = 0; n < sda.size(); ++n) {
      tree.file("proc/diskstats", sda.substr(0, n));
      CHECK_MESSAGE(state_of(running.collect().error()) == State::parse, n);
    }
    tree.file("proc/diskstats", sda);
    CHECK(running.collect().has_value());
  }

  TEST_CASE("broken lines are named, repeated devices are one") {
    CHECK(parsed(sda + "8 1 b 1 2 3 x\n") == "/proc/diskstats:2: a field is not a number");
    CHECK(parsed(sda + "8 1 b 1 2 3 4 5 6 7 8 9 10\n") == "/proc/diskstats:2: the line ends early");
    CHECK(parsed("8 1 b 1 2 3 4 5\n").find("early") != std::string::npos);
    CHECK(parsed(sda + sda) == "1");
    CHECK(parsed("") == "0");
    for (const char* bad : {"\n", "\xff\xfe\n", "8 x a 1 2 3 4 5 6 7 8 9 10 11\n", "8 0 a -1 2 3 4 5 6 7 8 9 10 11\n",
                            "8 0 a 1 2 36028797018963968 4 5 6 7 8 9 10 11\n", "8 0 a 1 2 3 4 5 6 7 8 9 1e3 11\n"})
      CHECK_MESSAGE(parsed(bad).starts_with("/proc/diskstats:1"), bad);
    CHECK(parsed("8 0 a 1 2 36028797018963967 4 5 6 7 8 9 10 11\n") == "1");
  }

  TEST_CASE("more devices than any machine has are a fault, and no memory") {
    std::string text;
    for (int i = 0; i < 16384; ++i) text.append("8 0 d").append(std::to_string(i)).append(" 1 2 3 4 5 6 7 8 9 10 11\n");
    CHECK(parsed(text) == "16384");
    CHECK(parsed(text + lines_of({"d0"})) == "16384");
    CHECK(parsed(text + lines_of({"one_more"})) == "/proc/diskstats:16385: it is larger than its limit");
  }

  TEST_CASE("what is left out and what is kept, by each flag") {
    test::Tree tree;
    tree.file("proc/diskstats", lines_of({"loop0", "ram1", "zram0", "fd0", "sda", "sda1", "vdb2", "xvda1", "nvme0n1",
                                          "nvme0n1p1", "mmcblk0p1", "dm-0", "md127", "o\"d\\d", "\xff"}));
    CHECK(devices(test::Running(tree, "diskstats").text()) == "sda nvme0n1 mmcblk0p1 dm-0 md127 o\\ \xef\xbf\xbd ");
    CHECK(devices(test::Running(tree, "diskstats", {{std::string(exclude), "a"}}).text()) ==
          "loop0 fd0 vdb2 nvme0n1 nvme0n1p1 mmcblk0p1 dm-0 md127 o\\ \xef\xbf\xbd ");
    CHECK(devices(test::Running(tree, "diskstats", {{std::string(include), "^(sda|loop)"}}).text()) ==
          "loop0 sda sda1 ");
  }

  TEST_CASE("include and exclude are not for use together, and the old name stands for exclude") {
    for (const auto& option : test::entry("diskstats").options) {
      if (option.flag == exclude) continue;
      CHECK(option.excludes == exclude);
      CHECK(option.hidden == (option.was_for == exclude));
    }
  }

  TEST_CASE("an empty copy is not believed; all devices left out is no fault") {
    test::Tree tree;
    tree.file("proc/diskstats", "");
    test::Running running(tree, "diskstats");
    CHECK(running.collect().error().code == Parse::empty);
    tree.file("proc/diskstats", lines_of({"loop0"}));
    CHECK(running.text().empty());
  }

  TEST_CASE("what stands in place of udev's file takes the labels away, and nothing else") {
    test::Tree tree;
    tree.file("proc/diskstats", sda);
    tree.dir("udev/b8:0");
    test::Running running(tree, "diskstats");
    const std::string bare =
        "node_disk_info{device=\"sda\",major=\"8\",minor=\"0\",model=\"\",path=\"\",revision=\"\",rotational=\"0\","
        "serial=\"\",wwn=\"\"} 1\n";
    CHECK(test::lines(running.text(), "node_disk_info") == bare);
    tree.remove("udev/b8:0");
    REQUIRE(::mkfifo(tree.path("udev/b8:0").c_str(), 0600) == 0);
    CHECK(test::lines(running.text(), "node_disk_info") == bare);
    tree.link("udev/b8:0", "/dev/zero");
    CHECK(test::lines(running.text(), "node_disk_info") == bare);
    tree.file("udev/b8:0", udev);
    CHECK(test::lines(running.text(), "node_disk_info").find("serial=\"short\"") != std::string::npos);
    tree.remove("udev");
    const auto text = running.text();
    CHECK(test::lines(text, "node_disk_info") == bare);
    for (const char* family : {"ata", "filesystem_info", "mapper"}) CHECK(text.find(family) == std::string::npos);
  }
}

}  // namespace diskstats_test
