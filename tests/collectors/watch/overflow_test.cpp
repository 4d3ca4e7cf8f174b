// More than the kernel's queue holds: told, and repaired by looking.
#include "tests/support/watched_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace overflow_test {

using namespace vitald::test;
using vitald::watch::Event;
using vitald::watch::Type;

namespace {

int queue_length() {
  int length = 0;
  if (auto* const file = std::fopen("/proc/sys/fs/inotify/max_queued_events", "r")) {
    if (std::fscanf(file, "%d", &length) != 1) length = 0;
    std::fclose(file);
  }
  return length;
}

void flood(const WatchedFolder& folder) {
  const auto files = std::to_string(queue_length() / 2);
  folder.sh("seq " + files + " | xargs touch; seq " + files + " | xargs rm");
}

const Event* find(const std::vector<Event>& events, Type type, const std::string& path) {
  const auto at =
      std::ranges::find_if(events, [&](const auto& each) { return each.type == type && each.path == path; });
  return at == events.end() ? nullptr : &*at;
}

}  // namespace

TEST_SUITE("watch/overflow") {
  TEST_CASE("what was lost is found by looking, and is marked") {
    if (queue_length() == 0 || queue_length() > 100'000) return;
    WatchedFolder folder;
    folder.sh("mkdir -p stays goes/deep moves; touch stays/f written goes/deep/g; echo old > quiet; sleep 0.1");
    ByHand tree(settings_for(folder));
    tree.told();
    folder.sh("seq " + std::to_string(queue_length()) + " | xargs touch");
    folder.sh(
        "rm -r goes; mv moves stays/moved; touch stays/new; echo x >> written; mkdir -p fresh/er; touch fresh/er/h");
    const auto events = tree.events();
    CHECK(tree.picture == on_disk(folder.path()));
    CHECK(known(tree.tree) == on_disk(folder.path()));
    REQUIRE(find(events, Type::overflow, ""));
    REQUIRE(find(events, Type::resynced, ""));
    CHECK(events.back().type == Type::resynced);
    CHECK(events.back().count > 0);
    const auto* const made = find(events, Type::created, "stays/new");
    REQUIRE(made);
    CHECK(made->synthetic);
    CHECK(find(events, Type::modified, "written"));
    CHECK(!find(events, Type::modified, "quiet"));
    CHECK(tree.tree.standing().overflows > 0);
    folder.sh("touch stays/moved/after fresh/er/after");
    const auto after = tree.told();
    CHECK(after.find("created stays/moved/after") != std::string::npos);
    CHECK(after.find("created fresh/er/after") != std::string::npos);
  }

  TEST_CASE("again and again") {
    if (queue_length() == 0 || queue_length() > 100'000) return;
    WatchedFolder folder;
    ByHand tree(settings_for(folder));
    for (int round = 0; round < 3; ++round) {
      flood(folder);
      folder.sh("mkdir -p r" + std::to_string(round) + "/x; touch r" + std::to_string(round) + "/x/f");
      tree.told();
      CHECK(tree.picture == on_disk(folder.path()));
    }
  }
}

}  // namespace overflow_test
