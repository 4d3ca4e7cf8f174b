#include "collectors/watch/file_facts.hpp"

#include "tests/support/watched_folder.hpp"

#include <doctest/doctest.h>

#include <thread>

namespace file_facts_test {

using namespace vitald::test;
using vitald::watch::Sizes;

namespace {

bool same(const Sizes& is, const Sizes& should) {
  return is.files == should.files && is.bytes == should.bytes && is.newest_ns == should.newest_ns &&
         is.oldest_ns == should.oldest_ns;
}

// Rounds are a second apart.
Sizes sizes_when(ByHand& tree, std::uint64_t bytes) {
  for (int i = 0; i < 3000; ++i) {
    tree.pump();
    if (const auto now = tree.tree.standing().sizes; now && now->bytes == bytes) return *now;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return {};
}

constexpr std::int64_t second = 1'000'000'000;

}  // namespace

TEST_SUITE("watch/file_facts") {
  TEST_CASE("files are summed up; those that have gone or were never asked for are not") {
    vitald::watch::Index index;
    vitald::watch::FileFacts facts;
    const auto folder = index.add(0, "d", true), one = index.add(folder, "one", false),
               two = index.add(0, "two", false);
    CHECK(same(facts.sum(index), {}));
    facts.set(one, 100, 5);
    facts.set(two, 10, 7);
    CHECK(same(facts.sum(index), {2, 110, 7, 5}));
    index.remove(folder, [](int) {});
    CHECK(same(facts.sum(index), {1, 10, 7, 7}));
    facts.unset(two);
    CHECK(same(facts.sum(index), {}));
  }

  TEST_CASE("what is stale is asked for once") {
    vitald::watch::FileFacts facts;
    facts.stale(3);
    facts.stale(3);
    facts.stale(1);
    CHECK(facts.take_stale() == std::vector<vitald::watch::Place>{3, 1});
    facts.stale(3);
    CHECK(!facts.any_stale());  // it still is to be asked for
    facts.asked(3);
    facts.stale(3);
    CHECK(facts.any_stale());
  }

  TEST_CASE("a watch knows how much its files hold and when they were written, also after changes") {
    WatchedFolder folder;
    folder.sh(
        "mkdir -p a/b; printf 12345 > a/f; touch -d @1000 a/f; printf 1 > a/b/g; touch -d @3000 a/b/g; ln -s /etc l");
    auto settings = settings_for(folder);
    settings.sizes = true;
    settings.kinds.reset(static_cast<std::size_t>(vitald::watch::Type::modified));
    ByHand tree(settings);
    CHECK(same(sizes_when(tree, 6), {2, 6, 3000 * second, 1000 * second}));
    folder.sh("printf 6789 >> a/f; touch -d @5000 a/f; mv a c; touch -d @4000 new");
    CHECK(same(sizes_when(tree, 10), {3, 10, 5000 * second, 3000 * second}));
    folder.sh("mv c/b ../outside");
    CHECK(same(sizes_when(tree, 9), {2, 9, 5000 * second, 4000 * second}));
    CHECK(tree.told().find("modified") == std::string::npos);
    folder.sh("rm -r *");
    CHECK(same(sizes_when(tree, 0), {}));
  }

  TEST_CASE("a watch without it asks for nothing") {
    WatchedFolder folder;
    folder.sh("touch f");
    ByHand tree(settings_for(folder));
    CHECK(!tree.tree.standing().sizes);
  }
}

}  // namespace file_facts_test
