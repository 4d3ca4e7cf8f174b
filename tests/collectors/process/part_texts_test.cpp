#include "collectors/process/part_texts.hpp"

#include "collectors/process/sockets.hpp"

#include <doctest/doctest.h>

#include <string>

namespace part_texts_test {

using namespace vitald;
using namespace vitald::process;

namespace {

const std::string limits =
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max cpu time              unlimited            unlimited            seconds   \n"
    "Max open files            1024                 524288               files     \n"
    "Max nice priority         0                    0                    \n";
const std::string smaps =
    "55d0-55d1 r--p 00000000 08:01 1234                       /usr/lib/a b.so\nSize:                  4 kB\n"
    "Rss:                   4 kB\nPss:                   2 kB\nVmFlags: rd mr\n"
    "7f00-7f01 rw-p 00000000 00:00 0 \nSize:  8 kB\nRss: 8 kB\nPrivate_Dirty: 8 kB\n"
    "7f02-7f03 r-xp 00000000 08:01 1234                       /usr/lib/a b.so\nSize: 12 kB\nRss: 0 kB\nPss: 0 kB\n";
const std::string tcp =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 0\n"
    "   1: 0100007F:1F90 0200007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 78 1 0 100 0\n";
const std::string tcp6 =
    "  sl  local_address                         remote_address                        st\n"
    "   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 "
    "00:00000000 00000000     0        0 79 1 0 100 0\n";
const std::string sockets =
    "Num       RefCount Protocol Flags    Type St Inode Path\n"
    "0000000000000000: 00000002 00000000 00010000 0001 01 80 /run/a b.sock\n"
    "0000000000000000: 00000003 00000000 00000000 0002 03 81\n";

}  // namespace

TEST_SUITE("process/part_texts") {
  TEST_CASE("limits: each by its name, with none where there is no limit") {
    std::vector<ProcessPart::Limit> all;
    REQUIRE(parse_all_limits(limits, all).has_value());
    REQUIRE(all.size() == 3);
    CHECK((all[0].name == "cpu_time" && !all[0].soft && !all[0].hard && all[0].unit == "seconds"));
    CHECK((all[1].name == "open_files" && all[1].soft == 1024 && all[1].hard == 524288));
    CHECK((all[2].name == "nice_priority" && all[2].soft == 0 && all[2].unit == ""));
    CHECK_FALSE(parse_all_limits("", all).has_value());
    CHECK_FALSE(parse_all_limits(limits.substr(0, limits.size() - 1), all).has_value());
    CHECK_FALSE(parse_all_limits("Limit\nMax cpu\n", all).has_value());
    CHECK_FALSE(parse_all_limits("Limit\nMax cpu time              x                    1\n", all).has_value());
  }

  TEST_CASE("smaps: maps of one path are one, those without are [anon]") {
    std::vector<ProcessPart::Map> all;
    REQUIRE(parse_smaps(smaps, all).has_value());
    REQUIRE(all.size() == 2);
    CHECK((all[0].path == "/usr/lib/a b.so" && all[0].maps == 2 && all[0].size == 16384));
    CHECK((all[0].resident == 4096 && all[0].proportional == 2048));
    CHECK((all[1].path == "[anon]" && all[1].private_dirty == 8192));
    CHECK(parse_smaps("", all).has_value());
    CHECK(all.empty());
    CHECK_FALSE(parse_smaps("Size: 4 kB\n", all).has_value());
    CHECK_FALSE(parse_smaps("1-2 r--p 0 0 0 /x\nSize: 4 MB\n", all).has_value());
    CHECK_FALSE(parse_smaps(smaps.substr(0, smaps.size() - 1), all).has_value());
  }

  TEST_CASE("environment, fdinfo, cgroups, inodes") {
    using namespace std::string_literals;
    std::vector<ProcessPart::Variable> variables;
    parse_environment("A=1\0nothing\0B=x=y\0C="s, variables);
    REQUIRE(variables.size() == 3);
    CHECK((variables[1].name == "B" && variables[1].value == "x=y" && variables[2].value == ""));
    ProcessPart::OpenFile file;
    parse_fdinfo("pos:\t12\nflags:\t02100002\nmnt_id:\t9\nino:\tx\n", file);
    CHECK((file.position == 12 && file.flags == 02100002));
    std::vector<ProcessPart::Cgroup> groups;
    parse_cgroups("4:cpu,cpuacct:/a:b\nnonsense\n0::/user.slice\n", groups);
    REQUIRE(groups.size() == 2);
    CHECK((groups[0].hierarchy == 4 && groups[0].controllers == "cpu,cpuacct" && groups[0].path == "/a:b"));
    std::uint64_t inode = 0;
    CHECK((parse_inode("socket:[123]", "socket", inode) && inode == 123));
    for (const char* text : {"socket:[", "socket:[]", "socket:[x]", "pipe:[1]", "socket:12", "socket"})
      CHECK_FALSE(parse_inode(text, "socket", inode));
  }

  TEST_CASE("sockets: those that are wanted, each of its descriptors") {
    std::vector<ProcessPart::Connection> all;
    const SocketNumbers wanted{{77, {3}}, {78, {4, 9}}, {79, {5}}, {80, {6}}, {81, {7}}};
    REQUIRE(parse_inet(tcp, "tcp", wanted, all).has_value());
    REQUIRE(parse_inet(tcp6, "tcp6", wanted, all).has_value());
    REQUIRE(parse_unix(sockets, wanted, all).has_value());
    REQUIRE(all.size() == 6);
    CHECK((all[0].local == "127.0.0.1" && all[0].local_port == 8080 && all[0].state == "LISTEN"));
    CHECK((all[0].remote.empty() && !all[0].remote_port));
    CHECK((all[1].remote == "127.0.0.2" && all[1].remote_port == 0xC001 && all[1].state == "ESTABLISHED"));
    CHECK((all[2].number == 9 && all[2].inode == 78));
    CHECK((all[3].family == "ipv6" && all[3].local == "::1" && all[3].local_port == 80));
    CHECK((all[4].local == "/run/a b.sock" && all[4].state == "LISTEN" && all[4].type == "stream"));
    CHECK((all[5].local.empty() && all[5].type == "datagram"));
    for (std::size_t n = 0; n < tcp.size(); ++n)
      if (tcp[n] != '\n' || n == 0)
        CHECK((n == 0 || tcp[n - 1] == '\n' || !parse_inet(tcp.substr(0, n), "tcp", wanted, all).has_value()));
  }
}

}  // namespace part_texts_test
