#include "collectors/watch/index.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace index_test {

using vitald::watch::Index;
using vitald::watch::nowhere;
using vitald::watch::Place;

TEST_SUITE("watch/index") {
  TEST_CASE("names are found below their folder, and make paths") {
    Index index;
    const auto a = index.add(Index::root, "a", true), b = index.add(a, "b", true), c = index.add(b, "c", false);
    CHECK(index.path(Index::root) == "");
    CHECK(index.path(a) == "a");
    CHECK(index.path(c) == "a/b/c");
    CHECK(index.path(b, "new") == "a/b/new");
    CHECK(index.find(b, "c") == c);
    CHECK(index.find(a, "c") == nowhere);
    CHECK(index.entries() == 3);
    CHECK(index.folders() == 3);
  }

  TEST_CASE("a directory moves with all below it") {
    Index index;
    const auto a = index.add(Index::root, "a", true), b = index.add(a, "b", true), c = index.add(b, "c", false);
    index.move(b, Index::root, "renamed");
    CHECK(index.path(c) == "renamed/c");
    CHECK(index.find(a, "b") == nowhere);
    CHECK(index.is_empty(a));
    index.exchange(a, b);
    CHECK(index.path(c) == "a/c");
    CHECK(index.path(a) == "renamed");
  }

  TEST_CASE("what is removed takes its watches with it") {
    Index index;
    const auto a = index.add(Index::root, "a", true), b = index.add(a, "b", true);
    index.add(b, "c", false);
    index.watch(a, 7);
    index.watch(b, 9);
    CHECK(index.watched_by(9) == b);
    std::vector<int> gone;
    index.remove(a, [&](int wd) { gone.push_back(wd); });
    CHECK(gone == std::vector{9, 7});
    CHECK(index.watched_by(9) == nowhere);
    CHECK(index.entries() == 0);
    CHECK(index.watches() == 0);
  }

  TEST_CASE("a tree of any depth is removed") {
    Index index;
    auto at = index.add(Index::root, "top", true);
    const auto top = at;
    for (int i = 0; i < 100'000; ++i) at = index.add(at, "d", true);
    index.remove(top, [](int) {});
    CHECK(index.entries() == 0);
  }

  TEST_CASE("names of every length come back as they were") {
    Index index;
    std::vector<Place> all;
    for (std::size_t length = 1; length <= 255; ++length)
      all.push_back(index.add(Index::root, std::string(length, 'x'), false));
    for (std::size_t length = 1; length <= 255; ++length)
      CHECK(index.name(all[length - 1]) == std::string(length, 'x'));
    const auto odd = index.add(Index::root, "line\nbreak\xFF", false);
    CHECK(index.path(odd) == "line\nbreak\xFF");
  }

  TEST_CASE("as many come and go as like, and each is found") {
    Index index;
    std::mt19937 dice(1);
    std::vector<std::string> names;
    for (int round = 0; round < 20'000; ++round) {
      if (names.empty() || dice() % 3 != 0) {
        names.push_back("n" + std::to_string(round));
        index.watch(index.add(Index::root, names.back(), true), round);
      } else {
        std::swap(names[dice() % names.size()], names.back());
        index.remove(index.find(Index::root, names.back()), [](int) {});
        names.pop_back();
      }
    }
    for (const auto& name : names) {
      const auto place = index.find(Index::root, name);
      REQUIRE(place != nowhere);
      CHECK(index.watched_by(index.watch(place)) == place);
    }
    CHECK(index.entries() == names.size());
  }

  TEST_CASE("a hundred thousand directories take less than 12 MiB") {
    Index index;
    for (int i = 0; i < 100; ++i) {
      const auto above = index.add(Index::root, "directory-" + std::to_string(i), true);
      for (int j = 0; j < 1000; ++j) index.watch(index.add(above, "folder" + std::to_string(j), true), i * 1000 + j);
    }
    CHECK(index.folders() == 100'101);
    CHECK(index.bytes() < std::size_t{10} << 20);
  }
}

}  // namespace index_test
