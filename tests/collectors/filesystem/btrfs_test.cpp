#include "collectors/filesystem/btrfs.hpp"

#include "http/encode/exposition.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace btrfs_test {

using namespace vitald;

namespace {

const std::string uuid = "7f07c59f-6136-449c-ab87-e1cf2328731b";
const std::string fs = "sys/fs/btrfs/" + uuid + "/";

void one_filesystem(const test::Tree& tree) {
  tree.file(fs + "label", "my \"pool\"\n");
  tree.file(fs + "metadata_uuid", uuid + "\n");
  tree.file(fs + "allocation/global_rsv_size", "16777216\n");
  for (const char* group : {"data", "metadata", "system"}) {
    tree.file(fs + "allocation/" + group + "/bytes_reserved", "4096\n");
    tree.file(fs + "allocation/" + group + "/flags", "1\n");
    tree.file(fs + "allocation/" + group + "/raid5/used_bytes", "10\n");
    tree.file(fs + "allocation/" + group + "/raid5/total_bytes", "20\n");
  }
  for (const char* name : {"sda", "sdb", "sdc"}) {
    tree.file(std::string("sys/devices/block/") + name + "/size", "2048\n");
    tree.link(fs + "devices/" + name, std::string("../../../../devices/block/") + name);
  }
  tree.file(fs + "commit_stats",
            "commits 5\ncur_commit_ms 1\nlast_commit_ms 19\nmax_commit_ms 1009\ntotal_commit_ms 64\n");
}

// A file system that answers, on a mount point that our own table has, too.
bool answers(const char* path, filesystem::Volume& out) {
  if (!std::string_view(path).ends_with("/pool")) return false;
  out.fsid = uuid;
  out.count = 0;
  auto& device = out.next();
  device.name = "dm-1";
  device.uuid = "4ef3367b-cd1a-40e9-85ab-afd54b0adbca";
  device.total = 1000;
  device.used = 400;
  device.errors = {1, 2, 3, 4, 5};
  return true;
}

class Asked {
 public:
  Asked(const test::Tree& tree, filesystem::AskVolume ask)
      : world_(tree), collector_(filesystem::make_btrfs(world_.environment, ask, tree.path("own"))) {}
  Result<void> collect() {
    page_.rewind();
    return collector_->collect(page_);
  }
  std::string text() {
    REQUIRE(collect().has_value());
    Out out;
    encode::Exposition exposition;
    page_.each([&](const Rows& rows) { exposition.write(rows, out); });
    return std::string(out.view());
  }

 private:
  test::World world_;
  std::unique_ptr<Collector> collector_;
  Page page_;
};

}  // namespace

TEST_SUITE("filesystem/btrfs") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    one_filesystem(tree);
    tree.file("sys/fs/btrfs/features/raid56", "0\n");
    test::Running btrfs(tree, "btrfs");
    const auto text = btrfs.text();
    const auto mark = ",uuid=\"" + uuid + "\"} ", of = "{uuid=\"" + uuid + "\"} ";
    CHECK(test::lines(text, "node_btrfs_info") == "node_btrfs_info{label=\"my \\\"pool\\\"\"" + mark + "1\n");
    CHECK(test::lines(text, "node_btrfs_allocation_ratio{block_group_type=\"data") ==
          "node_btrfs_allocation_ratio{block_group_type=\"data\",mode=\"raid5\"" + mark + "1.5\n");
    CHECK(test::lines(text, "node_btrfs_used_bytes{block_group_type=\"system") ==
          "node_btrfs_used_bytes{block_group_type=\"system\",mode=\"raid5\"" + mark + "10\n");
    CHECK(test::lines(text, "node_btrfs_reserved_bytes{block_group_type=\"data") ==
          "node_btrfs_reserved_bytes{block_group_type=\"data\"" + mark + "4096\n");
    CHECK(test::lines(text, "node_btrfs_device") == "node_btrfs_device_size_bytes{device=\"sda\"" + mark +
                                                        "1048576\nnode_btrfs_device_size_bytes{device=\"sdb\"" + mark +
                                                        "1048576\nnode_btrfs_device_size_bytes{device=\"sdc\"" + mark +
                                                        "1048576\n");
    CHECK(test::lines(text, "node_btrfs_commit") ==
          "node_btrfs_commit_seconds_total" + of + "0.064\nnode_btrfs_commits_total" + of + "5\n");
    CHECK(test::lines(text, "node_btrfs_max") == "node_btrfs_max_commit_seconds" + of + "1.009\n");
    CHECK(test::lines(text, "node_btrfs_global") == "node_btrfs_global_rsv_size_bytes" + of + "16777216\n");
    CHECK(btrfs.json().find(R"("btrfs_dev_uuid":null,"device":"sda")") != std::string::npos);
    CHECK(test::allocations_of([&] { CHECK(btrfs.collect().has_value()); }) == 0);
  }

  TEST_CASE("profiles: copies and parity") {
    using filesystem::allocation_ratio;
    CHECK((allocation_ratio("single", 1) == 1 && allocation_ratio("raid0", 4) == 1));
    CHECK((allocation_ratio("dup", 1) == 2 && allocation_ratio("raid1", 2) == 2 && allocation_ratio("raid10", 4) == 2));
    CHECK((allocation_ratio("raid1c3", 3) == 3 && allocation_ratio("raid1c4", 4) == 4));
    CHECK(allocation_ratio("raid5", 4) == 4.0 / 3);
    CHECK(allocation_ratio("raid6", 4) == 2);
    CHECK(allocation_ratio("new", 4) == 0);
  }

  TEST_CASE("the uuid is that of the metadata; older kernels tell less") {
    test::Tree tree;
    one_filesystem(tree);
    tree.file(fs + "metadata_uuid", "aaaa-bbbb\n");
    tree.remove(fs + "commit_stats");
    test::Running btrfs(tree, "btrfs");
    const auto text = btrfs.text();
    CHECK(test::lines(text, "node_btrfs_commits") == "node_btrfs_commits_total{uuid=\"aaaa-bbbb\"} 0\n");
    tree.remove(fs + "metadata_uuid");
    tree.remove(fs + "allocation/global_rsv_size");
    tree.remove(fs + "devices/sda");
    tree.remove("sys/devices/block/sdb/size");
    const auto less = btrfs.text();
    CHECK(test::lines(less, "node_btrfs_commits") == "node_btrfs_commits_total{uuid=\"" + uuid + "\"} 0\n");
    CHECK(test::lines(less, "node_btrfs_global").empty());
    CHECK(test::lines(less, "node_btrfs_device_size") ==
          "node_btrfs_device_size_bytes{device=\"sdc\",uuid=\"" + uuid + "\"} 1048576\n");
  }

  TEST_CASE("clones that are mounted side by side are called by their folders, but for the first") {
    test::Tree tree;
    one_filesystem(tree);
    const std::string clone = "ffffffff-0000-4000-8000-000000000002";
    for (const auto& each : {std::string("sys/fs/btrfs/") + clone + "/", fs})
      tree.file(each + "metadata_uuid", uuid + "\n");
    tree.file("sys/fs/btrfs/" + clone + "/allocation/global_rsv_size", "5\n");
    tree.dir("sys/fs/btrfs/" + clone + "/devices");
    CHECK(test::lines(test::Running(tree, "btrfs").text(), "node_btrfs_commits") ==
          "node_btrfs_commits_total{uuid=\"" + uuid + "\"} 5\nnode_btrfs_commits_total{uuid=\"" + clone + "\"} 0\n");
  }

  TEST_CASE("a label is told as it is, up to 128 bytes") {
    test::Tree tree;
    one_filesystem(tree);
    test::Running btrfs(tree, "btrfs");
    const auto label = [&](const std::string& text) {
      tree.file(fs + "label", text);
      return test::lines(btrfs.text(), "node_btrfs_info");
    };
    CHECK(label("<unknown>\n").find("label=\"<unknown>\"") != std::string::npos);
    CHECK(label(std::string(200, 'x') + "\n").find("label=\"" + std::string(128, 'x') + "\"") != std::string::npos);
    CHECK(label("\n").find("label=\"\"") != std::string::npos);
  }

  TEST_CASE("no file system is no series; what the kernel does not write is a fault until it is mended") {
    test::Tree tree;
    test::Running btrfs(tree, "btrfs");
    CHECK(btrfs.text().empty());
    tree.dir("sys/fs/btrfs/features");
    CHECK(btrfs.text().empty());
    one_filesystem(tree);
    CHECK(btrfs.collect().has_value());
    for (const char* file : {"allocation/global_rsv_size", "allocation/data/bytes_reserved",
                             "allocation/data/raid5/used_bytes", "allocation/system/raid5/total_bytes"}) {
      for (const char* bad : {"x\n", "-1\n", "1 2\n"}) {
        tree.file(fs + file, bad);
        CHECK_MESSAGE(state_of(btrfs.collect().error()) == State::parse, file);
      }
      tree.file(fs + file, "1\n");
      CHECK(btrfs.collect().has_value());
    }
    for (const char* bad : {"commits 1\n", "commits x\nlast_commit_ms 1\nmax_commit_ms 1\ntotal_commit_ms 1\n"}) {
      tree.file(fs + "commit_stats", bad);
      CHECK(state_of(btrfs.collect().error()) == State::parse);
    }
    one_filesystem(tree);
    tree.remove(fs + "allocation");
    CHECK(btrfs.collect().has_error());
  }

  TEST_CASE("a mounted one that answers tells of its devices itself") {
    test::Tree tree;
    one_filesystem(tree);
    const auto line = "30 22 0:34 / " + tree.path("pool") + " rw - btrfs /dev/mapper/a rw,subvol=/\n";
    tree.file("own", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + line);
    tree.file("proc/1/mountinfo", "30 22 0:34 / /pool rw - btrfs /dev/mapper/a rw,subvol=/\n");
    Asked btrfs(tree, answers);
    const auto text = btrfs.text();
    const auto device = "{btrfs_dev_uuid=\"4ef3367b-cd1a-40e9-85ab-afd54b0adbca\",device=\"dm-1\",";
    const auto mark = "uuid=\"" + uuid + "\"} ";
    CHECK(test::lines(text, "node_btrfs_device_size") ==
          std::string("node_btrfs_device_size_bytes") + device + mark + "1000\n");
    CHECK(test::lines(text, "node_btrfs_device_unused") ==
          std::string("node_btrfs_device_unused_bytes") + device + mark + "600\n");
    std::string errors;
    for (const auto& [type, count] :
         {std::pair{"corruption", 4}, {"flush", 3}, {"generation", 5}, {"read", 2}, {"write", 1}})
      errors += std::string("node_btrfs_device_errors_total") + device + "type=\"" + type + "\"," + mark +
                std::to_string(count) + "\n";
    CHECK(test::lines(text, "node_btrfs_device_errors") == errors);
    CHECK(test::allocations_of([&] { CHECK(btrfs.collect().has_value()); }) == 0);
  }

  TEST_CASE("nobody is asked behind what may hang, nor where our own table has no such mount") {
    test::Tree tree;
    one_filesystem(tree);
    tree.file("proc/1/mountinfo", "30 22 0:34 / /pool rw - btrfs /dev/mapper/a rw,subvol=/\n");
    const auto line = "30 22 0:34 / " + tree.path("pool") + " rw - btrfs /dev/mapper/a rw,subvol=/\n";
    for (const auto& own : {std::string(), "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + std::string(),
                            "22 1 0:50 / / rw - nfs4 server:/ rw\n" + line, std::string("garbage\n")}) {
      tree.file("own", own);
      Asked btrfs(tree, answers);
      CHECK_MESSAGE(test::lines(btrfs.text(), "node_btrfs_device_errors").empty(), own);
    }
    tree.file("own", "22 1 0:50 / / rw - overlay overlay rw\n" + line);  // as in a container
    Asked btrfs(tree, answers);
    CHECK_FALSE(test::lines(btrfs.text(), "node_btrfs_device_errors").empty());
    tree.file("own", "");
    CHECK(test::lines(btrfs.text(), "node_btrfs_device_errors").empty());
  }

  TEST_CASE("what is no btrfs cannot be asked") {
    filesystem::Volume out;
    for (const char* path : {"/proc", "/nowhere", "/dev/null"}) CHECK_FALSE(filesystem::ask_volume(path, out));
  }
}

}  // namespace btrfs_test
