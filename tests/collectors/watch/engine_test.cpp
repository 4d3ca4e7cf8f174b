// Watches on their threads, while others are at work on the disk.
#include "collectors/watch/engine.hpp"

#include "tests/support/watched_folder.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <set>
#include <string>
#include <thread>

namespace engine_test {

using namespace vitald::test;
using vitald::watch::Type;

namespace {

// Makes, moves and deletes, for ever new names in a few directories.
void stir(const std::string& root, unsigned seed, int steps) {
  std::mt19937 dice(seed);
  const auto name = [&] {
    std::string path = root;
    for (auto depth = dice() % 4; depth > 0; --depth) path += "/d" + std::to_string(dice() % 3);
    return path + "/" + (dice() % 2 ? "d" : "f") + std::to_string(dice() % 3);
  };
  for (int i = 0; i < steps; ++i) {
    const auto one = name(), other = name();
    switch (dice() % 6) {
      case 0:
      case 1: ::mkdir(one.c_str(), 0755); break;
      case 2: {
        const int fd = ::open(one.c_str(), O_CREAT | O_WRONLY, 0644);
        if (fd >= 0) ::close(fd);
        break;
      }
      case 3: std::remove(one.c_str()); break;
      case 4: std::rename(one.c_str(), other.c_str()); break;
      default: ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
    }
  }
}

void touch_many(const std::string& folder, int from, int to) {
  for (int i = from; i < to; ++i) {
    const int fd = ::open((folder + "/" + std::to_string(i)).c_str(), O_CREAT | O_WRONLY, 0644);
    if (fd >= 0) ::close(fd);
  }
}

}  // namespace

TEST_SUITE("watch/engine") {
  TEST_CASE("what was done before a sync is told when it answers") {
    WatchedFolder folder;
    WatchEngine running(settings_for(folder));
    for (int i = 0; i < 20; ++i) {
      const auto file = std::to_string(i);
      folder.sh("mkdir -p a/" + file + "/b; touch a/" + file + "/b/f; mv a/" + file + " b" + file);
      const auto last = running.sync();
      CHECK(last == running.watch->last());
      CHECK(running.picture() == on_disk(folder.path()));
    }
  }

  TEST_CASE("whatever several do at once, the events come to what is on the disk") {
    WatchedFolder folder;
    WatchEngine running(settings_for(folder));
    for (unsigned round = 0; round < 25; ++round) {
      CAPTURE(round);  // the seeds
      std::vector<std::thread> stirring;
      for (unsigned i = 0; i < 2 + round % 2; ++i) stirring.emplace_back(stir, folder.path(), round * 3 + i, 600);
      for (auto& each : stirring) each.join();
      running.sync();
      const auto truth = on_disk(folder.path());
      const auto& picture = running.picture();
      REQUIRE_MESSAGE(picture == truth, difference(picture, truth));
    }
  }

  TEST_CASE("a burst into new directories: each file is told once") {
    WatchedFolder folder;
    WatchEngine running(settings_for(folder));
    for (int i = 0; i < 20; ++i) {
      const auto path = folder.path() + "/d" + std::to_string(i);
      ::mkdir(path.c_str(), 0755);
      touch_many(path, 0, 100);
    }
    running.sync();
    std::set<std::string> told;
    std::size_t twice = 0;
    for (const auto& event : running.events())
      if (event.type == Type::created) twice += !told.insert(event.path).second;
    CHECK(twice == 0);
    CHECK(told.size() == 20 * 101);
  }

  TEST_CASE("when there is no room for more, the kernel says what was lost, and it is found") {
    WatchedFolder folder;
    WatchEngine running(settings_for(folder), {}, 64 << 10);
    running.block_worker(true);
    touch_many(folder.path(), 0, 20'000);
    running.block_worker(false);
    running.sync();
    CHECK(running.picture() == on_disk(folder.path()));
    CHECK(running.watch->report().events[static_cast<std::size_t>(Type::overflow)] > 0);
    CHECK(running.watch->report().standing.overflows > 0);
  }

  TEST_CASE("the oldest events go, and who asks for them is told") {
    WatchedFolder folder;
    WatchEngine running(settings_for(folder), {.events = 100, .bytes = 1 << 20});
    touch_many(folder.path(), 0, 500);
    const auto last = running.sync();
    const auto page = running.watch->after(0, 10);
    CHECK(page.lost);
    CHECK(page.last == last);
    CHECK(page.first == last - 99);
    REQUIRE(page.events.size() == 10);
    CHECK(page.events.front().sequence == page.first);
    CHECK(!running.watch->after(page.first - 1, 10).lost);
    CHECK(running.watch->after(last, 10).events.empty());
  }

  TEST_CASE("long names count with their bytes") {
    WatchedFolder folder;
    WatchEngine running(settings_for(folder), {.events = 65'536, .bytes = 64 << 10});
    const std::string name(200, 'n');
    for (int i = 0; i < 300; ++i) ::mkdir((folder.path() + "/" + name + std::to_string(i)).c_str(), 0755);
    for (int i = 0; i < 300; ++i) touch_many(folder.path() + "/" + name + std::to_string(i), 0, 1);
    running.sync();
    CHECK(running.watch->report().kept_bytes <= 64 << 10);
    CHECK(running.watch->report().most_kept >= running.watch->report().kept);
  }

  TEST_CASE("watches beside and in one another know nothing of each other") {
    WatchedFolder folder;
    folder.sh("mkdir -p in/deep");
    WatchEngine outer(settings_for(folder));
    auto settings = settings_for(folder);
    settings.path += "/in";
    const auto inner = outer.engine->add(settings);
    folder.sh("touch in/deep/f; mv in/deep/f g; mv in/deep moved");
    outer.sync();
    CHECK(outer.picture() == on_disk(folder.path()));
    outer.engine->remove(inner);
    folder.sh("touch in/after");
    outer.sync();
    CHECK(outer.picture() == on_disk(folder.path()));
  }

  TEST_CASE("a tree can be looked at with the number of its last event") {
    WatchedFolder folder;
    folder.sh("mkdir -p a/b; touch a/b/c");
    WatchEngine running(settings_for(folder));
    Picture seen;
    std::uint64_t at = 0;
    running.engine->look(running.watch, [&](const vitald::watch::Index* index, std::uint64_t last) {
      seen = known(*index);
      at = last;
    });
    CHECK(running.sync() >= at);
    CHECK(seen == on_disk(folder.path()));
  }
}

}  // namespace engine_test
