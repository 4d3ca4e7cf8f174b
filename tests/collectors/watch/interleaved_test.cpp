// The disk is ahead of the kernel's queue, and that of what was looked at: by chance, but the same for each seed.
#include "tests/support/watched_folder.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace interleaved_test {

using namespace vitald::test;

class Chance {
 public:
  Chance(const std::string& root, unsigned seed) : root_(root), dice_(seed) {
    names_ = 1 + below(3);
    depth_ = 1 + below(3);
  }
  unsigned below(unsigned end) { return static_cast<unsigned>(dice_()) % end; }

  void act() {
    const auto one = name(), other = name();
    switch (below(7)) {
      case 0:
      case 1: ::mkdir(one.c_str(), 0755); return;
      case 2: {
        const int fd = ::open(one.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        if (fd >= 0) ::close(fd);
        return;
      }
      case 3: std::remove(one.c_str()); return;
      case 4:
      case 5: std::rename(one.c_str(), other.c_str()); return;
      default: ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
    }
  }

 private:
  std::string name() {
    auto path = root_;
    for (auto deep = below(depth_); deep > 0; --deep) path += "/d" + std::to_string(below(names_));
    return path + (below(2) ? "/d" : "/f") + std::to_string(below(names_));
  }

  const std::string root_;
  std::mt19937 dice_;
  unsigned names_, depth_;
};

void mix(Chance& chance, ByHand& tree) {
  const auto bias = 1 + chance.below(8);
  for (int i = 0; i < 60; ++i) {
    const auto what = chance.below(bias + 2);
    if (what == bias)
      tree.feed(chance.below(8));
    else if (what == bias + 1)
      tree.step();
    else
      chance.act();
  }
  tree.pump();
}

TEST_SUITE("watch/tree") {
  TEST_CASE("however what is done, told and looked at interleave, the events come to what is on the disk") {
    for (unsigned seed = 0; seed < 60; ++seed) {
      CAPTURE(seed);
      WatchedFolder folder;
      Chance chance(folder.path(), seed);
      ByHand tree(settings_for(folder));
      for (int round = 0; round < 3; ++round) {
        mix(chance, tree);
        const auto truth = on_disk(folder.path());
        CHECK_MESSAGE(tree.picture == truth, difference(tree.picture, truth));
        CHECK_MESSAGE(known(tree.tree) == truth, difference(known(tree.tree), truth));
      }
    }
  }

  TEST_CASE("a mark that comes while another waits for its fence is reached with that, though nothing more happens") {
    WatchedFolder folder;
    ByHand tree(settings_for(folder));
    const auto take = [&](std::uint64_t mark) {
      vitald::watch::Block block;
      block.after = block.at = vitald::watch::Clock::now();
      block.mark = mark;
      tree.tree.take(std::move(block));
      tree.step();
      return tree.tree.take_marks();
    };
    folder.sh("mkdir d");
    tree.feed(1);
    tree.step();  // looks into it
    REQUIRE(tree.tree.wants_fence());
    CHECK(take(101).empty());
    CHECK(take(102).empty());
    auto reached = take(vitald::watch::Tree::fence);
    if (tree.tree.wants_fence()) std::ranges::move(take(vitald::watch::Tree::fence), std::back_inserter(reached));
    CHECK(reached == std::vector<std::uint64_t>{101, 102});
  }

  TEST_CASE("what is to be looked into while another directory has the root's name is looked into later") {
    WatchedFolder folder;
    bool away = false;
    ByHand tree(settings_for(folder), [&](const std::string&) {
      if (std::exchange(away, false)) folder.sh("cd ..; rmdir watched; mv outside/watched .");
      return true;
    });
    folder.sh("mkdir -p d/e; touch d/e/f");
    tree.feed(1);
    folder.sh("cd ..; mv watched outside; mkdir watched");
    away = true;
    tree.step();
    CHECK(tree.told() == "ready, created d, created d/e, created d/e/f");
    CHECK(known(tree.tree) == on_disk(folder.path()));
  }

  TEST_CASE("a new directory that has moved on each time it is looked for") {
    WatchedFolder folder;
    folder.sh("mkdir d");
    ByHand tree(settings_for(folder));
    folder.sh("mkdir d/new");
    tree.feed(1);
    folder.sh("mv d e; touch e/new/f");
    for (int i = 0; i < 3; ++i) tree.step();
    CHECK(tree.told() == "ready, created d/new, moved d->e, created e/new/f");
    CHECK(known(tree.tree) == on_disk(folder.path()));
  }
}

}  // namespace interleaved_test
