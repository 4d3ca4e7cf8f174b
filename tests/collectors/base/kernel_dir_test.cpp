#include "collectors/base/kernel_dir.hpp"

#include "collectors/base/kernel_file.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace kernel_dir_test {

using namespace vitald;

namespace {

std::string joined(KernelDir& dir) {
  const auto names = dir.list();
  if (!names) return to_string(names.error());
  std::string all;
  for (const auto name : *names) all.append(name).push_back(' ');
  return all;
}

}  // namespace

TEST_SUITE("base/kernel_dir") {
  TEST_CASE("names come in byte order, whatever they stand for, and anew at each call") {
    test::Tree tree;
    for (const char* name : {"sys/d/cpu10", "sys/d/cpu2", "sys/d/.hidden"}) tree.file(name, "");
    tree.link("sys/d/cpu1", "nowhere");
    KernelDir dir(tree.path("sys/d"));
    CHECK(joined(dir) == ".hidden cpu1 cpu10 cpu2 ");
    CHECK_FALSE(dir.live());
    tree.remove("sys/d/cpu10");
    tree.file("sys/d/a \"b\"\n", "");
    CHECK(joined(dir) == ".hidden a \"b\"\n cpu1 cpu2 ");
    tree.remove("sys/d");
    tree.dir("sys/d");
    CHECK(joined(dir).empty());
  }

  TEST_CASE("what is missing or no directory is a fault, and nothing waits") {
    test::Tree tree;
    KernelDir dir(tree.path("sys/d"));
    CHECK(state_of(dir.list().error()) == State::absent);
    tree.file("sys/d", "plain");
    CHECK(dir.list().error().code == Parse::not_a_file);
    tree.remove("sys/d");
    REQUIRE(::mkfifo(tree.path("sys/d").c_str(), 0600) == 0);
    CHECK(dir.list().error().code == Parse::not_a_file);
    tree.link("sys/d", "d");
    CHECK(state_of(dir.list().error()) == State::parse);
    tree.link("sys/d", "e");
    tree.dir("sys/e/inside");
    CHECK(joined(dir) == "inside ");
  }

  TEST_CASE("more names than the cap are a fault, just as many are not") {
    test::Tree tree;
    for (int i = 0; i < 400; ++i) tree.file("sys/d/a_rather_long_name_for_a_file_" + std::to_string(i), "");
    KernelDir enough(tree.path("sys/d"), 400), small(tree.path("sys/d"), 399);
    CHECK(enough.list()->size() == 400);
    CHECK(small.list().error().code == Parse::too_large);
  }

  TEST_CASE("of the kernel's own directories the descriptor is kept, and still tells the truth") {
    KernelDir dir("/proc/self/task");
    const auto own = std::to_string(::getpid());
    CHECK(joined(dir).find(own) != std::string::npos);
    CHECK(dir.live());
    CHECK(joined(dir).find(own) != std::string::npos);
    KernelDir moved(std::move(dir));
    CHECK(moved.live());
    CHECK(joined(moved).find(own) != std::string::npos);
  }

  TEST_CASE("a number after a prefix is read as the kernel writes it") {
    unsigned number = 0;
    CHECK((numbered("cpu17", "cpu", number) && number == 17));
    CHECK((numbered("cpu0", "cpu", number) && number == 0));
    for (const char* name :
         {"cpu", "cpu-1", "cpu01", "cpux", "cpu1x", "xcpu1", "", "cpu99999999999", "cpufreq", "cpu 1"})
      CHECK_FALSE_MESSAGE(numbered(name, "cpu", number), name);
  }
}

TEST_SUITE("base/kernel_file") {
  TEST_CASE("one object can be turned from file to file, of the kernel and of a copy") {
    test::Tree tree;
    tree.file("proc/a", "first");
    KernelFile file(tree.path("proc/a"), KernelFile::Holds::value);
    CHECK(*file.read() == "first");
    file.turn_to("/proc/self/comm");
    CHECK(file.read().has_value());
    CHECK(file.live());
    file.turn_to(tree.path("proc/b"));
    CHECK_FALSE(file.live());
    CHECK(state_of(file.read().error()) == State::absent);
    tree.file("proc/b", "second");
    CHECK(*file.read() == "second");
    CHECK(kernel_serves(std::string("/proc")));
    CHECK_FALSE(kernel_serves(tree.path("proc")));
    CHECK_FALSE(kernel_serves(tree.path("nowhere")));
  }
}

}  // namespace kernel_dir_test
