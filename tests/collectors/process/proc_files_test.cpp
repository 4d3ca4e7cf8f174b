#include "collectors/process/proc_files.hpp"

#include "collectors/process/texts.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace proc_files_test {

using namespace vitald;
using namespace vitald::process;

TEST_SUITE("process/proc_files") {
  TEST_CASE("this machine's: ourselves are there, with our threads, name and descriptors") {
    ProcFiles files("/proc");
    for (int round = 0; round < 2; ++round) {
      const auto pids = files.processes();
      REQUIRE(pids.has_value());
      CHECK(files.live());
      CHECK(std::ranges::is_sorted(*pids));
      CHECK(std::ranges::count(*pids, ::getpid()) == 1);
      Stat stat;
      REQUIRE(parse_stat(*files.read(::getpid(), "stat"), stat).has_value());
      CHECK((stat.pid == ::getpid() && stat.parent == ::getppid()));
      REQUIRE(files.threads(::getpid()).has_value());
      CHECK(std::ranges::count(*files.threads(::getpid()), ::getpid()) == 1);
      CHECK(files.read(::getpid(), ::getpid(), "comm")->ends_with('\n'));
      const auto before = files.count_descriptors(::getpid());
      const int more[] = {::open("/dev/null", O_RDONLY), ::open("/dev/null", O_RDONLY)};
      const auto after = files.count_descriptors(::getpid());
      for (const int each : more) ::close(each);
      REQUIRE((before && after));
      CHECK(*before > 2);
      CHECK(*after == *before + 2);
    }
  }

  TEST_CASE("a copy: numbers only, by size, and descriptors by listing") {
    test::Tree tree;
    for (const char* name : {"10/stat", "9/stat", "100/stat", "0/stat", "x1/stat", "-3/stat", "self/stat"})
      tree.file(std::string("proc/") + name, "");
    for (const char* name : {"9/fd/0", "9/fd/1", "9/fd/17", "9/task/9/stat", "9/task/12/stat"})
      tree.file(std::string("proc/") + name, "some\ntext\n");
    ProcFiles files(tree.roots().proc);
    const auto pids = files.processes();
    REQUIRE(pids.has_value());
    CHECK(std::ranges::equal(*pids, std::vector{9, 10, 100}));
    CHECK_FALSE(files.live());
    CHECK_FALSE(files.counts_by_size());
    CHECK(*files.count_descriptors(9) == 3);
    CHECK(std::ranges::equal(*files.threads(9), std::vector{9, 12}));
    CHECK(*files.read(9, 12, "stat") == "some\ntext\n");
    CHECK(is_gone(files.read(10, "io").error()));
    CHECK(is_gone(files.threads(10).error()));
    CHECK(is_gone(files.count_descriptors(10).error()));
    tree.remove("proc/9");
    CHECK(std::ranges::equal(*files.processes(), std::vector{10, 100}));
  }

  TEST_CASE("a text longer than its limit is cut there") {
    test::Tree tree;
    const std::string longer(ProcFiles::most_bytes + 10, 'x');
    tree.file("proc/1/cmdline", longer);
    tree.file("proc/2/cmdline", longer.substr(20));
    ProcFiles files(tree.roots().proc);
    REQUIRE(files.processes().has_value());
    CHECK(files.read(1, "cmdline", ProcFiles::Shape::bytes)->size() == ProcFiles::most_bytes);
    CHECK(files.read(2, "cmdline", ProcFiles::Shape::bytes)->size() == longer.size() - 20);
  }

  TEST_CASE("without the folder there is a fault that names it") {
    test::Tree tree;
    ProcFiles files(tree.path("nowhere"));
    const auto pids = files.processes();
    REQUIRE(pids.has_error());
    CHECK(to_string(pids.error()).find("nowhere") != std::string::npos);
  }
}

}  // namespace proc_files_test
