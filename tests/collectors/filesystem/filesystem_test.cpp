#include "collectors/filesystem/errors.hpp"
#include "collectors/filesystem/mounts.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace filesystem_test {

using namespace vitald;
using test::lines;

namespace {

const std::string usual =
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
    "27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard\n"
    "40 27 8:1 / /data ro,noatime - xfs /dev/sda1 rw\n";

Probe::Question answer(std::uint64_t block_size, std::uint64_t blocks, std::uint64_t free, std::uint64_t available,
                       std::uint64_t files, std::uint64_t files_free) {
  return {{}, 0, {block_size, blocks, free, available, files, files_free, false}};
}

Probe::Question failure(int error) { return {{}, error, {}}; }

struct Host {
  test::Tree tree;
  test::Running filesystem;
  explicit Host(const std::string& mountinfo, const test::Flags& flags = {}) : filesystem(tree, "filesystem", flags) {
    tree.file("proc/1/mountinfo", mountinfo);
    answers("", answer(4096, 1000, 500, 400, 99, 77));
  }
  void answers(const std::string& inside, Probe::Question said) const {
    const_cast<Host*>(this)->filesystem.probe.answers[tree.roots().rootfs + inside] = said;
  }
};

std::string shown(const std::string& mountinfo, const test::Flags& flags = {}) {
  return lines(Host(mountinfo, flags).filesystem.text(), "node_filesystem_readonly");
}

std::string readonly(const std::string& labels, int value = 0, const std::string& error = "no such file or directory") {
  const auto comma = labels.find(',');
  return "node_filesystem_readonly{" + labels.substr(0, comma) + ",device_error=\"" + error + "\"" +
         labels.substr(comma) + "} " + std::to_string(value) + "\n";
}

}  // namespace

TEST_SUITE("filesystem/filesystem") {
  TEST_CASE("what a scrape and the API show") {
    Host host(usual);
    host.answers("/data", answer(512, 3, 2, 1, 18446744073709551615u, 5));
    const std::string root = R"({device="/dev/vda",device_error="",fstype="ext4",mountpoint="/"} )";
    const std::string data = R"({device="/dev/sda1",device_error="",fstype="xfs",mountpoint="/data"} )";
    const auto text = host.filesystem.text();
    const auto family = [&](const std::string& name, const std::string& of_root, const std::string& of_data) {
      CHECK(lines(text, "# TYPE node_filesystem_" + name + " ") == "# TYPE node_filesystem_" + name + " gauge\n");
      CHECK(lines(text, "node_filesystem_" + name + "{") ==
            "node_filesystem_" + name + root + of_root + "\n" + "node_filesystem_" + name + data + of_data + "\n");
    };
    family("avail_bytes", "1638400", "512");
    family("device_error", "0", "0");
    family("files", "99", "18446744073709551615");
    family("files_free", "77", "5");
    family("free_bytes", "2048000", "1024");
    family("purgeable_bytes", "0", "0");
    family("readonly", "0", "1");
    family("size_bytes", "4096000", "1536");
    CHECK(lines(text, "node_filesystem_mount_info") ==
          "node_filesystem_mount_info{device=\"/dev/vda\",major=\"254\",minor=\"0\",mountpoint=\"/\"} 1\n"
          "node_filesystem_mount_info{device=\"/dev/sda1\",major=\"8\",minor=\"1\",mountpoint=\"/data\"} 1\n");
    host.answers("/data", failure(EACCES));
    CHECK(host.filesystem.json() ==
          R"([{"device":"/dev/vda","device_error":"","fstype":"ext4","mountpoint":"/","major":"254","minor":"0",)"
          R"("avail_bytes":1638400,"failed":0,"files":99,"files_free":77,"free_bytes":2048000,)"
          R"("purgeable_bytes":0,"readonly":0,"size_bytes":4096000},)"
          R"({"device":"/dev/sda1","device_error":"permission denied","fstype":"xfs","mountpoint":"/data","major":"8",)"
          R"("minor":"1","avail_bytes":null,"failed":1,"files":null,"files_free":null,"free_bytes":null,)"
          R"("purgeable_bytes":null,"readonly":1,"size_bytes":null}])");
  }

  TEST_CASE("a mount that cannot be asked shows its error and nothing of its sizes") {
    Host host(usual);
    for (const auto& [error, text] :
         std::initializer_list<std::pair<int, std::string>>{{ENOTCONN, "transport endpoint is not connected"},
                                                            {ESTALE, "stale NFS file handle"},
                                                            {EIO, "input/output error"},
                                                            {ETIMEDOUT, "mountpoint timeout"},
                                                            {ENOTTY, "inappropriate ioctl for device"}}) {
      host.answers("/data", failure(error));
      const auto all = host.filesystem.text();
      const auto labels =
          "{device=\"/dev/sda1\",device_error=\"" + text + "\",fstype=\"xfs\",mountpoint=\"/data\"} 1\n";
      CHECK(lines(all, "node_filesystem_device_error{device=\"/dev/sda1") == "node_filesystem_device_error" + labels);
      CHECK(lines(all, "node_filesystem_readonly{device=\"/dev/sda1") == "node_filesystem_readonly" + labels);
      CHECK(lines(all, "node_filesystem_size_bytes{device=\"/dev/sda1").empty());
      CHECK(lines(all, "node_filesystem_purgeable_bytes{device=\"/dev/sda1").empty());
      CHECK(lines(all, "node_filesystem_mount_info{device=\"/dev/sda1").empty());
      CHECK(lines(all, "node_filesystem_size_bytes{device=\"/dev/vda\"").size() > 0);
    }
  }

  TEST_CASE("what lies below a mount that does not answer does not answer either") {
    Host host(
        "1 0 0:1 / /nfs rw - nfs4 server:/x rw\n2 1 7:0 / /nfs/below rw - ext4 /dev/loop0 rw\n"
        "3 1 7:1 / /nfsbeside rw - ext4 /dev/loop1 rw\n");
    host.answers("/nfs", failure(ETIMEDOUT));
    host.answers("/nfs/below", answer(1, 1, 1, 1, 1, 1));
    host.answers("/nfsbeside", answer(1, 1, 1, 1, 1, 1));
    CHECK(lines(host.filesystem.text(), "node_filesystem_device_error") ==
          "node_filesystem_device_error{device=\"server:/x\",device_error=\"mountpoint "
          "timeout\",fstype=\"nfs4\",mountpoint=\"/nfs\"} 1\n"
          "node_filesystem_device_error{device=\"/dev/loop0\",device_error=\"mountpoint "
          "timeout\",fstype=\"ext4\",mountpoint=\"/nfs/below\"} 1\n"
          "node_filesystem_device_error{device=\"/dev/loop1\",device_error=\"\",fstype=\"ext4\",mountpoint=\"/"
          "nfsbeside\"} 0\n");
    host.answers("/nfs", answer(1, 1, 1, 1, 1, 1));
    CHECK(lines(host.filesystem.text(), "node_filesystem_device_error").find("} 1") == std::string::npos);
  }

  TEST_CASE("only blanks are unescaped, in mount points only, and odd bytes stay") {
    CHECK(shown("1 0 0:1 / /a\\040b\\011c\\134d\\012 rw - tmpfs x\\040y rw\n") ==
          readonly("device=\"x\\\\040y\",fstype=\"tmpfs\",mountpoint=\"/a b\tc\\\\134d\\\\012\""));
    CHECK(shown("1 0 0:1 / /\xff\"\u00e9 rw - fuse.\u00e9 \"q\" rw\n") ==
          readonly("device=\"\\\"q\\\"\",fstype=\"fuse.\u00e9\",mountpoint=\"/\ufffd\\\"\u00e9\""));
    Host host("1 0 0:1 / /a\\040b rw - tmpfs x rw\n");
    host.filesystem.collect();
    CHECK(host.filesystem.probe.asked == std::vector{host.tree.roots().rootfs + "/a b"});
  }

  TEST_CASE("a mount or its file system is read-only, or was made so in an emergency") {
    const auto of = [](const char* options, const char* of_super_block) {
      return shown(std::string("1 0 0:1 / /x ") + options + " - ext4 d " + of_super_block + "\n").ends_with(" 1\n");
    };
    CHECK(of("ro", "rw"));
    CHECK(of("rw,noatime", "rw,ro"));
    CHECK(of("noatime,ro,x", "rw"));
    CHECK(of("rw", "rw,emergency_ro"));
    CHECK_FALSE(of("rw", "rw"));
    CHECK_FALSE(of("rw,errors=remount-ro", "rw,rock"));
  }

  TEST_CASE("of mounts with the same labels the first wins, and one path is asked for once") {
    Host host(
        "1 0 0:1 / /x rw - tmpfs a rw\n2 0 0:2 / /x ro - tmpfs a rw\n3 0 0:3 / /x ro - tmpfs b rw\n"
        "4 0 0:1 / /x rw - ramfs a rw\n");
    host.answers("/x", answer(1, 2, 3, 4, 5, 6));
    const auto text = host.filesystem.text();
    CHECK(lines(text, "node_filesystem_readonly") ==
          readonly("device=\"a\",fstype=\"tmpfs\",mountpoint=\"/x\"", 0, "") +
              readonly("device=\"b\",fstype=\"tmpfs\",mountpoint=\"/x\"", 1, "") +
              readonly("device=\"a\",fstype=\"ramfs\",mountpoint=\"/x\"", 0, ""));
    CHECK(lines(text, "node_filesystem_mount_info") ==
          "node_filesystem_mount_info{device=\"a\",major=\"0\",minor=\"1\",mountpoint=\"/x\"} 1\n"
          "node_filesystem_mount_info{device=\"b\",major=\"0\",minor=\"3\",mountpoint=\"/x\"} 1\n");
    CHECK(host.filesystem.probe.asked.size() == 1);
  }

  TEST_CASE("the flags choose by mount point and by type") {
    const std::string all =
        "1 0 0:1 / /dev rw - tmpfs a rw\n2 0 0:2 / /devel rw - tmpfs b rw\n3 0 0:3 / /o rw - overlay c rw\n"
        "4 0 0:4 / /var/lib/docker/x rw - tmpfs d rw\n5 0 0:5 / /c rw - cgroup e rw\n6 0 0:6 / /f rw - fuse.x f rw\n";
    const auto kept = [&](const test::Flags& flags) {
      std::string devices;
      const auto text = shown(all, flags);
      for (std::size_t at = 0; (at = text.find("device=\"", at)) != text.npos; ++at) devices += text[at + 8];
      return devices;
    };
    CHECK(kept({}) == "bf");
    CHECK(kept({{"collector.filesystem.mount-points-exclude", "^/devel$"}}) == "adf");
    CHECK(kept({{"collector.filesystem.mount-points-include", "^/dev"}}) == "ab");
    CHECK(kept({{"collector.filesystem.fs-types-exclude", "tmp"}}) == "cef");
    CHECK(kept({{"collector.filesystem.fs-types-include", "^(overlay|cgroup)$"}}) == "ce");
    CHECK(kept({{"collector.filesystem.mount-points-exclude", ""}, {"collector.filesystem.fs-types-exclude", ""}}) ==
          "abcdef");
  }

  TEST_CASE("the root's path is cut from labels and stands before what is asked") {
    test::Tree tree;
    test::Running filesystem(tree, "filesystem");
    const auto& root = tree.roots().rootfs;
    tree.file("proc/1/mountinfo", "1 0 0:1 / " + root + " rw - ext4 a rw\n2 0 0:2 / " + root +
                                      "/dev rw - tmpfs b rw\n3 0 0:3 / " + root +
                                      "/srv rw - ext4 c rw\n4 0 0:4 / /elsewhere rw - ext4 d rw\n5 0 0:5 / " + root +
                                      "ile rw - ext4 e rw\n");
    CHECK(lines(filesystem.text(), "node_filesystem_readonly") ==
          readonly("device=\"a\",fstype=\"ext4\",mountpoint=\"/\"") +
              readonly("device=\"c\",fstype=\"ext4\",mountpoint=\"/srv\"") +
              readonly("device=\"d\",fstype=\"ext4\",mountpoint=\"/elsewhere\"") +
              readonly("device=\"e\",fstype=\"ext4\",mountpoint=\"ile\""));
    CHECK(filesystem.probe.asked == std::vector{root, root + "/srv", root + "/elsewhere", root + "/ile"});
    CHECK(filesystem::label_of("/host", "/") == "/host");
    CHECK(filesystem::label_of("/host/x", "/host/") == "x");
    CHECK(filesystem::path_of("x", "/host/") == "/host/x");
    CHECK(filesystem::path_of("/", "/") == "/");
    CHECK(filesystem::path_of("/x", "/") == "/x");
  }

  TEST_CASE("without the first process's table our own is read") {
    Host host(usual);
    host.tree.remove("proc/1");
    CHECK(state_of(host.filesystem.collect().error()) == State::absent);
    host.tree.file("proc/self/mountinfo", "1 0 0:1 / /own rw - tmpfs own rw\n");
    CHECK(lines(host.filesystem.text(), "node_filesystem_readonly") ==
          readonly("device=\"own\",fstype=\"tmpfs\",mountpoint=\"/own\""));
    host.tree.dir("proc/1/mountinfo");  // something else that is no permission matter is a fault
    CHECK(state_of(host.filesystem.collect().error()) == State::parse);
  }

  TEST_CASE("a table cut anywhere but between lines is a fault, and the next good one is read again") {
    Host host(usual);
    for (std::size_t n = 0; n <= usual.size(); ++n) {
      host.tree.file("proc/1/mountinfo", usual.substr(0, n));
      const bool whole = n > 0 && usual[n - 1] == '\n';
      CHECK_MESSAGE(host.filesystem.collect().has_value() == whole, n);
    }
  }

  TEST_CASE("a garbled line is named, and the same text is a fault again") {
    Host host(usual);
    for (const char* line :
         {"x 0 0:1 / /x rw - tmpfs a rw", "1 0 0 / /x rw - tmpfs a rw", "1 0 0:y / /x rw - tmpfs a rw",
          "1 0 0:1 / x rw - tmpfs a rw", "1 0 0:1 / /x  - tmpfs a rw", "1 0 0:1 / /x rw tmpfs a rw",
          "1 0 0:1 / /x rw - tmpfs a", "1 0 0:1 / /x rw - tmpfs a ", "1 0 0:1 / /x rw -", "", "\x01\x02\x03"}) {
      host.tree.file("proc/1/mountinfo", usual + line + "\n");
      for (int again = 0; again < 2; ++again) {
        const auto done = host.filesystem.collect();
        REQUIRE_MESSAGE(done.has_error(), line);
        CHECK_MESSAGE(done.error().line == 4, line);
      }
    }
  }

  TEST_CASE("a device may have no name, and newer kernels may say more") {
    CHECK(shown("1 0 0:1 / /x rw - tmpfs  rw more\n") == readonly("device=\"\",fstype=\"tmpfs\",mountpoint=\"/x\""));
    CHECK(shown("1 0 0:1 / /x rw shared:1 master:2 propagate_from:3 unbindable new:4 - tmpfs a rw\n") ==
          readonly("device=\"a\",fstype=\"tmpfs\",mountpoint=\"/x\""));
  }

  TEST_CASE("a mount that comes is shown, and one that goes is not") {
    Host host(usual);
    host.filesystem.text();
    host.tree.file("proc/1/mountinfo", usual + "41 27 8:2 / /more rw - xfs /dev/sda2 rw\n");
    CHECK(lines(host.filesystem.text(), "node_filesystem_readonly{device=\"/dev/sda2").size() > 0);
    host.tree.file("proc/1/mountinfo", usual);
    CHECK(lines(host.filesystem.text(), "node_filesystem_readonly{device=\"/dev/sda2").empty());
  }

  TEST_CASE("the hidden flags are checked") {
    for (const auto& option : test::entry("filesystem").options) {
      if (option.flag.ends_with("mount-timeout")) {
        CHECK(option.initial == "500ms");
        CHECK(option.check("1m30s").empty());
        for (const char* bad : {"0", "-1s", "5", "soon"}) CHECK_FALSE(option.check(bad).empty());
      }
      if (option.flag.ends_with("stat-workers")) {
        CHECK(option.check("1").empty());
        for (const char* bad : {"0", "-1", "x", "1.5", ""}) CHECK_FALSE(option.check(bad).empty());
      }
    }
  }

  TEST_CASE("only what lies behind local mounts in both tables is asked directly") {
    std::vector<MountLine> table;
    REQUIRE(parse_mountinfo("1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /nfs rw - nfs4 b rw\n"
                            "3 2 0:3 / /nfs/below rw - ext4 c rw\n4 1 0:4 / /srv rw - xfs d rw\n"
                            "5 1 0:5 / /srv rw - autofs e rw\n6 1 0:6 / /nfsbeside rw - tmpfs f rw\n",
                            table)
                .has_value());
    CHECK(way_is_local("/", table));
    CHECK_FALSE(way_is_local("/nfs", table));
    CHECK_FALSE(way_is_local("/nfs/below", table));
    CHECK_FALSE(way_is_local("/srv", table));
    CHECK(way_is_local("/nfsbeside", table));
  }
}

TEST_SUITE("filesystem/places") {
  struct Asked {
    static int directly(const char* path, FileSystemSize& out) {
      out.blocks = std::string_view(path).size();
      return std::string_view(path) == "/gone" ? ENOENT : 0;
    }
  };

  TEST_CASE("what cannot hang is asked directly, and the rest of the probe, all at once") {
    test::FakeProbe probe;
    probe.answers["/nfs"] = answer(1, 2, 3, 4, 5, 6);
    filesystem::Places places(probe, Asked::directly);
    const auto root = places.add("/", true), gone = places.add("/gone", true), nfs = places.add("/nfs", false);
    CHECK(places.add("/", true) == root);
    places.ask(std::chrono::milliseconds(1));
    CHECK(places[root].size.blocks == 1);
    CHECK(places[gone].error == ENOENT);
    CHECK(places[nfs].size.files_free == 6);
    CHECK(probe.asked == std::vector<std::string>{"/nfs"});
  }

  TEST_CASE("a path that one mount makes doubtful is not asked directly") {
    test::FakeProbe probe;
    filesystem::Places places(probe, Asked::directly);
    places.add("/x", true);
    places.add("/x", false);
    places.ask(std::chrono::milliseconds(1));
    CHECK(probe.asked == std::vector<std::string>{"/x"});
  }

  TEST_CASE("the direct question is the kernel's answer") {
    FileSystemSize size;
    CHECK(ask_statfs("/", size) == 0);
    CHECK(size.block_size > 0);
    CHECK(ask_statfs("/no such path", size) == ENOENT);
  }

  TEST_CASE("a mount is direct only when the root is ours and both tables list it behind local mounts") {
    std::vector<MountLine> listed, own;
    REQUIRE(parse_mountinfo("1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /x rw - ext4 b rw\n3 1 0:2 / /y rw - ext4 c rw\n",
                            listed)
                .has_value());
    REQUIRE(
        parse_mountinfo("1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /x rw - ext4 b rw\n2 1 0:2 / /x rw - fuse b rw\n", own)
            .has_value());
    const auto direct = [&](const std::string& rootfs, const std::vector<MountLine>& ours) {
      test::FakeProbe probe;
      filesystem::Places places(probe);
      const Options none;
      filesystem::Mounts mounts(none, rootfs);
      mounts.fill(listed, ours, places);
      std::string found;
      for (const auto& mount : mounts.all())
        if (places[mount.place].direct) found += mount.device;
      return found;
    };
    CHECK(direct("/", listed) == "abc");
    CHECK(direct("/", own) == "a");
    CHECK(direct("/", {}) == "");
    CHECK(direct("/host", listed) == "");
  }
}

}  // namespace filesystem_test
