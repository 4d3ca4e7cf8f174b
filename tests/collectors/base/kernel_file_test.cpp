#include "collectors/base/kernel_file.hpp"

#include "collectors/base/kernel_dir.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kernel_file_test {

using namespace vitald;
using Holds = KernelFile::Holds;

namespace {

std::string content(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_SUITE("base/kernel_file") {
  TEST_CASE("what the kernel makes as a whole is read whole, first and later, however long and by whatever kind") {
    for (const char* path : {"/proc/filesystems", "/proc/sys/kernel/ostype", "/proc/version", "/proc/devices"})
      for (const auto holds : {Holds::value, Holds::text, Holds::table}) {
        KernelFile file(path, holds);
        for (int round = 0; round < 3; ++round) {
          const auto text = file.read();
          REQUIRE_MESSAGE(text.has_value(), path);
          CHECK_MESSAGE(*text == content(path), path);
        }
        CHECK(file.live());
      }
  }

  TEST_CASE("a text longer than the first room, of another length each time, is read whole") {
    KernelFile file("/proc/net/netstat", Holds::text);
    for (int round = 0; round < 3; ++round) {
      const auto text = file.read();
      if (!text) return;  // no network
      CHECK(text->ends_with('\n'));
      CHECK(std::ranges::count(*text, '\n') == std::ranges::count(content("/proc/net/netstat"), '\n'));
    }
  }

  TEST_CASE("a copy is read to its end whatever it is said to hold") {
    test::Tree tree;
    tree.file("proc/stat", std::string(600, 'x') + "\n");
    KernelFile file(tree.roots().proc + "/stat", Holds::value);
    for (int round = 0; round < 2; ++round) CHECK(file.read()->size() == 601);
    CHECK_FALSE(file.live());
  }

  TEST_CASE("only the kernel adds to its own folders") {
    for (const char* path : {"/sys/class/vitald_none", "/proc/sys/vitald/none/deeper", "/proc/vitald_none"})
      CHECK_MESSAGE(only_kernel_adds(path), path);
    const test::Tree tree;
    const auto copy = tree.roots().sys + "/class/nvme";
    for (const char* path : {"/etc/vitald_none", "/vitald_none", "/", "", "vitald_none", "proc/x", copy.c_str()})
      CHECK_FALSE_MESSAGE(only_kernel_adds(path), path);
  }

  TEST_CASE("all names of a folder of the kernel's are listed, first and later, also those beyond one answer") {
    for (const char* path : {"/proc/sys/kernel", "/sys/class/tty", "/sys/module", "/sys/kernel"}) {
      if (!std::filesystem::exists(path)) continue;
      std::vector<std::string> names;
      for (const auto& entry : std::filesystem::directory_iterator(path)) names.push_back(entry.path().filename());
      std::ranges::sort(names);
      KernelDir folder(path);
      for (int round = 0; round < 3; ++round) {
        const auto listed = folder.list();
        REQUIRE(listed.has_value());
        CHECK_MESSAGE(std::ranges::equal(*listed, names), path);
      }
    }
  }
}

}  // namespace kernel_file_test
