#include "collectors/process/facts.hpp"

#include "collectors/process/system_facts.hpp"

#include <doctest/doctest.h>

#include <string>

namespace process_facts_test {

using namespace vitald;
using namespace vitald::process;

namespace {

const std::string whole_stat =
    "4242 () R 1 () T 17 4200 4100 34817 -1 4194560 101 202 3 4 55 66 7 8 -5 -15 9 0 123456 10240000 250 "
    "18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 3 9 2 0 0 0 0 0 0 0 0 0 0 0\n";
const std::string whole_status =
    "Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nVmPeak:\t     10 kB\nVmHWM:\t 9 kB\nRssAnon:\t 1 kB\nRssFile:\t 2 "
    "kB\n"
    "RssShmem:\t 3 kB\nVmSwap:\t 4 kB\nHugetlbPages:\t 0 kB\nCpus_allowed_list:\t0-3,8\nvoluntary_ctxt_switches:\t5\n"
    "nonvoluntary_ctxt_switches:\t6\n";
const std::string whole_io =
    "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 7\n";

}  // namespace

TEST_SUITE("process/facts") {
  TEST_CASE("stat: the words that only listings show") {
    FullStat stat;
    REQUIRE(parse_full_stat(whole_stat, stat).has_value());
    CHECK(stat.name == ") R 1 (");
    CHECK((stat.parent == 17 && stat.process_group == 4200 && stat.session == 4100 && stat.terminal == 34817));
    CHECK((stat.children_user_ticks == 7 && stat.children_system_ticks == 8));
    CHECK((stat.priority == -5 && stat.nice == -15 && stat.threads == 9));
    CHECK((stat.processor == 3 && stat.realtime_priority == 9));
    for (std::size_t n = 0; n < whole_stat.size(); ++n)
      CHECK_FALSE(parse_full_stat(whole_stat.substr(0, n), stat).has_value());
    REQUIRE(parse_full_stat("1 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21\n", stat).has_value());
    CHECK(stat.processor == 0);
  }

  TEST_CASE("status: users, groups, kinds of memory; what a kernel thread has not is not known") {
    FullStatus status;
    REQUIRE(parse_full_status(whole_status, status).has_value());
    CHECK((status.users[0] == 1 && status.users[1] == 2 && status.users[2] == 3));
    CHECK((status.groups[0] == 5 && status.groups[2] == 7));
    CHECK((status.peak_virtual == 10 * 1024 && status.peak_resident == 9 * 1024 && status.anonymous == 1024));
    CHECK((status.file == 2048 && status.shmem == 3072 && status.swap == 4096 && status.hugetlb == 0));
    CHECK(status.processors == "0-3,8");
    CHECK((status.voluntary_switches == 5 && status.involuntary_switches == 6));
    REQUIRE(parse_full_status("Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nvoluntary_ctxt_switches:\t1\n"
                              "nonvoluntary_ctxt_switches:\t2\n",
                              status)
                .has_value());
    CHECK_FALSE(status.anonymous.has_value());
    for (std::size_t n = 0; n < whole_status.size(); ++n)
      CHECK_FALSE(parse_full_status(whole_status.substr(0, n), status).has_value());
  }

  TEST_CASE("io, statm, smaps_rollup: all there, or a fault") {
    FullIo io;
    REQUIRE(parse_full_io(whole_io, io).has_value());
    CHECK((io.read_chars == 1 && io.write_chars == 2 && io.reads == 3 && io.writes == 4));
    CHECK((io.read_bytes == 5 && io.write_bytes == 6 && io.cancelled_write_bytes == 7));
    for (std::size_t n = 0; n < whole_io.size(); ++n) CHECK_FALSE(parse_full_io(whole_io.substr(0, n), io).has_value());
    PagesOf pages;
    REQUIRE(parse_statm("100 50 20 10 0 30 0\n", pages).has_value());
    CHECK((pages.shared == 20 && pages.text == 10 && pages.data == 30));
    for (const char* text : {"", "100 50 20 10 0 30 0", "100 50 20 10 0\n", "x\n"})
      CHECK_FALSE(parse_statm(text, pages).has_value());
    Footprint footprint;
    REQUIRE(
        parse_footprint("55 rollup\nPss: 8 kB\nPrivate_Clean: 1 kB\nPrivate_Dirty: 2 kB\nSwapPss: 3 kB\n", footprint)
            .has_value());
    CHECK((footprint.unique_bytes == 3072 && footprint.proportional_bytes == 8192));
    CHECK(footprint.proportional_swap_bytes == 3072);
    CHECK_FALSE(parse_footprint("Private_Clean: 1 kB\n", footprint).has_value());
    CHECK_FALSE(parse_footprint("Pss: 1 MB\n", footprint).has_value());
  }

  TEST_CASE("the system's: boot time, memory, names of terminals") {
    std::uint64_t number = 0;
    REQUIRE(parse_boot_seconds("cpu 1\nbtime 1700000000\n", number).has_value());
    CHECK(number == 1700000000);
    CHECK_FALSE(parse_boot_seconds("cpu 1\nbtime 17", number).has_value());
    REQUIRE(parse_memory_bytes("MemTotal:       2 kB\n", number).has_value());
    CHECK(number == 2048);
    CHECK_FALSE(parse_memory_bytes("MemFree: 2 kB\n", number).has_value());
    CHECK(terminal_name(34817) == "/dev/pts/1");
    CHECK(terminal_name(0x8900) == "/dev/pts/256");
    CHECK(terminal_name(1025) == "/dev/tty1");
    CHECK(terminal_name(1088) == "/dev/ttyS0");
    CHECK(terminal_name(0x100) == "");
  }
}

}  // namespace process_facts_test
