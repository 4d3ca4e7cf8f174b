#include "collectors/disk/facts.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace disk_facts_test {

using namespace vitald;

namespace {

// As the daemon asks: one device a reading.
std::string model(disk::FactsOfDevices& facts, const disk::Device& device) {
  facts.begin();
  const std::string model(facts.of(device).udev.model);
  facts.end();
  return model;
}

// Another text in the same file, with the same size and time: only who reads it anew sees it.
void change_unseen(const std::string& path, std::string_view text) {
  struct stat before {};
  REQUIRE(::stat(path.c_str(), &before) == 0);
  REQUIRE(static_cast<std::size_t>(before.st_size) == text.size());
  const int fd = ::open(path.c_str(), O_WRONLY);
  REQUIRE(::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  const timespec times[] = {before.st_atim, before.st_mtim};
  REQUIRE(::futimens(fd, times) == 0);
  ::close(fd);
}

}  // namespace

TEST_SUITE("disk/facts") {
  TEST_CASE("with the kernel's own /sys udev's file is read again only when it is another") {
    test::Tree tree;
    disk::FactsOfDevices facts("/sys", tree.path("udev"));
    disk::Device device{"sda", "8", "0", 10};
    CHECK(model(facts, device).empty());
    tree.file("udev/b8:0", "E:ID_MODEL=one\n");
    CHECK(model(facts, device) == "one");
    change_unseen(tree.path("udev/b8:0"), "E:ID_MODEL=two\n");
    CHECK(model(facts, device) == "one");
    CHECK(test::allocations_of([&] { facts.begin(), facts.of(device), facts.end(); }) == 0);
    tree.file("udev/b8:0", "E:ID_MODEL=longer\n");
    CHECK(model(facts, device) == "longer");
    tree.remove("udev/b8:0");
    CHECK(model(facts, device).empty());
  }

  TEST_CASE("a device that went and came, was replaced or renamed gets fresh facts") {
    test::Tree tree;
    tree.file("udev/b8:0", "E:ID_MODEL=one\n");
    disk::FactsOfDevices facts("/sys", tree.path("udev"));
    disk::Device device{"sda", "8", "0", 10};
    const auto kept = [&] {  // nothing has changed: what was remembered is told
      tree.file("udev/b8:0", "E:ID_MODEL=one\n");
      CHECK(model(facts, device) == "one");
      change_unseen(tree.path("udev/b8:0"), "E:ID_MODEL=two\n");
      CHECK(model(facts, device) == "one");
    };
    kept();
    facts.begin();
    facts.end();
    CHECK(model(facts, device) == "two");
    kept();
    device.requests = 9;
    CHECK(model(facts, device) == "two");
    kept();
    device.name = "sdb";
    CHECK(model(facts, device) == "two");
  }

  TEST_CASE("on a copy everything is read each time, and a slash in a name leads nowhere") {
    test::Tree tree;
    tree.file("udev/b8:0", "E:ID_MODEL=one\n");
    tree.file("sys/block/cciss!c0d0/queue/rotational", "1\n");
    disk::FactsOfDevices facts(tree.roots().sys, tree.roots().udev);
    const disk::Device device{"cciss/c0d0", "8", "0", 1};
    facts.begin();
    CHECK(facts.of(device).rotational == "1");
    tree.file("sys/block/cciss!c0d0/queue/rotational", "0\n");
    change_unseen(tree.path("udev/b8:0"), "E:ID_MODEL=two\n");
    CHECK(facts.of(device).rotational == "0");
    CHECK(facts.of(device).udev.model == "two");
    for (const char* bad : {"", "x\n", "-1\n", "\xff\n"}) {
      tree.file("sys/block/cciss!c0d0/queue/rotational", bad);
      CHECK_MESSAGE(facts.of(device).rotational == "0", bad);
    }
  }

  TEST_CASE("several devices keep apart, in any order") {
    test::Tree tree;
    tree.file("udev/b8:0", "E:ID_MODEL=a\n");
    tree.file("udev/b8:16", "E:ID_MODEL=b\n");
    disk::FactsOfDevices facts("/sys", tree.path("udev"));
    const disk::Device a{"sda", "8", "0", 1}, b{"sdb", "8", "16", 1};
    for (int round = 0; round < 2; ++round) {
      facts.begin();
      for (const auto& device : {a, b}) CHECK(facts.of(device).udev.model == device.name.substr(2));
      facts.end();
      facts.begin();
      for (const auto& device : {b, a}) CHECK(facts.of(device).udev.model == device.name.substr(2));
      facts.end();
    }
  }
}

}  // namespace disk_facts_test
