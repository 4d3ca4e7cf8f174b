#include "collectors/process/texts.hpp"

#include <doctest/doctest.h>

#include <string>

namespace texts_test {

using namespace vitald;
using namespace vitald::process;

namespace {

// As Linux 6.1 writes it: 52 fields.
std::string stat_of(std::string_view name) {
  return std::string("4242 (").append(name).append(
      ") S 17 4242 4242 0 -1 4194560 101 202 3 4 55 66 7 8 20 0 9 0 123456 10240000 -1 18446744073709551615 1 1 0 0 0 "
      "0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
}

template <class Out>
bool good(Result<void> (*parse)(std::string_view, Out&), std::string_view text, Out& out) {
  return parse(text, out).has_value();
}

}  // namespace

TEST_SUITE("process/texts") {
  TEST_CASE("stat: its numbers are taken from behind the name, whatever bytes that has") {
    using namespace std::string_literals;
    for (const auto& name : {"sshd"s, ""s, ") R 1 ("s, "a b"s, "line\nline"s, "((("s, ") ) )"s, "\xff\xfe\x80\x01"s,
                             "\"quoted\\\""s, ") Z 1 2 3 4 5"s}) {
      Stat stat;
      const auto text = stat_of(name);
      REQUIRE_MESSAGE(good(parse_stat, text, stat), name);
      CHECK(stat.name == name);
      CHECK((stat.pid == 4242 && stat.parent == 17 && stat.state == 'S'));
      CHECK((stat.minor_faults == 101 && stat.major_faults == 3));
      CHECK((stat.user_ticks == 55 && stat.system_ticks == 66));
      CHECK((stat.threads == 9 && stat.start_ticks == 123456));
      CHECK((stat.virtual_bytes == 10240000 && stat.resident_pages == -1));
    }
  }

  TEST_CASE("stat: cut anywhere, with fewer fields or other words it is a fault; more fields are not") {
    Stat stat;
    const auto whole = stat_of("x");
    for (std::size_t n = 0; n < whole.size(); ++n) CHECK_MESSAGE(!good(parse_stat, whole.substr(0, n), stat), n);
    CHECK(good(parse_stat, whole.substr(0, whole.size() - 1) + " 7 8\n", stat));
    for (const char* text :
         {"\n", "1 (x)\n", "1 (x) \n", "1 (x) S\n", "x (x) S 1\n", "1 (x) S 1 2 3\n", ") (\n", "1 ) (\n"})
      CHECK_MESSAGE(!good(parse_stat, text, stat), text);
  }

  TEST_CASE("status: the effective user, swapped memory and switches") {
    Status status;
    const std::string text =
        "Name:\ta\\nUid:\\t7\nUid:\t1\t2\t3\t4\nVmSwap:\t      12 kB\nThreads:\t1\nvoluntary_ctxt_switches:\t5\n"
        "nonvoluntary_ctxt_switches:\t6\n";
    REQUIRE(good(parse_status, text, status));
    CHECK(status.effective_user == 2);
    CHECK(status.swapped_bytes == 12 * 1024);
    CHECK((status.voluntary_switches == 5 && status.involuntary_switches == 6));
    REQUIRE(
        good(parse_status, "Uid:\t0\t0\t0\t0\nvoluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t2\n", status));
    CHECK_FALSE(status.swapped_bytes.has_value());
    for (std::size_t n = 0; n < text.size(); ++n) CHECK_MESSAGE(!good(parse_status, text.substr(0, n), status), n);
    CHECK_FALSE(
        good(parse_status, "Uid:\t0\t-1\nvoluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t2\n", status));
    CHECK(parse_status("Uid:\t0\tx\n", status).error().line == 1);
  }

  TEST_CASE("io and smaps_rollup") {
    Io io;
    REQUIRE(good(parse_io,
                 "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 7\n",
                 io));
    CHECK((io.read_bytes == 5 && io.write_bytes == 6));
    CHECK_FALSE(good(parse_io, "read_bytes: 5\n", io));
    CHECK_FALSE(good(parse_io, "read_bytes: 5\nwrite_bytes: x\n", io));
    CHECK_FALSE(good(parse_io, "read_bytes: 5\nwrite_bytes: 12", io));
    Proportional memory;
    REQUIRE(good(parse_smaps_rollup,
                 "5500-7ff ---p 00000000 00:00 0    [rollup]\nRss:   8 kB\nPss:  4 kB\nSwapPss:  2 kB\n", memory));
    CHECK((memory.resident_bytes == 4096 && memory.swapped_bytes == 2048));
    REQUIRE(good(parse_smaps_rollup, "Pss:  1 kB\n", memory));
    CHECK(memory.swapped_bytes == 0);
    for (const char* text : {"", "Pss: 4\n", "Pss: 4 MB\n", "Pss: 18446744073709551615 kB\n", "Rss: 4 kB\n"})
      CHECK_MESSAGE(!good(parse_smaps_rollup, text, memory), text);
  }

  TEST_CASE("limits: the soft one of open files, or none") {
    std::optional<std::uint64_t> files;
    const std::string head = "Limit                     Soft Limit           Hard Limit           Units     \n";
    REQUIRE(good(parse_limits,
                 head + "Max open files            1024                 524288               files     \n", files));
    CHECK(files == 1024);
    REQUIRE(good(parse_limits,
                 head + "Max open files            unlimited            unlimited            files     \n", files));
    CHECK_FALSE(files.has_value());
    CHECK_FALSE(good(parse_limits, head, files));
    CHECK_FALSE(good(parse_limits, "Max open files            some\n", files));
    CHECK_FALSE(good(parse_limits, "Max open files            1024", files));
  }

  TEST_CASE("arguments and paths of cgroups") {
    using namespace std::string_view_literals;
    auto command = parse_command("a b\0\0-c\0\0\0"sv);
    CHECK(take_argument(command) == "a b");
    CHECK(take_argument(command).empty());
    CHECK(take_argument(command) == "-c");
    CHECK(command.empty());
    CHECK(parse_command("nginx: master process /usr/sbin/nginx") == "nginx: master process /usr/sbin/nginx");
    CHECK(parse_command("\0\0"sv).empty());
    std::string_view text = "12:cpu,cpuacct:/a:b\n1:name=systemd:/\n0::/x y\nodd\n", path;
    CHECK((take_cgroup(text, path) && path == "/a:b"));
    CHECK((take_cgroup(text, path) && path == "/"));
    CHECK((take_cgroup(text, path) && path == "/x y"));
    CHECK_FALSE(take_cgroup(text, path));
  }
}

}  // namespace texts_test
