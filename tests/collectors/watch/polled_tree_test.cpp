#include "collectors/watch/polled_tree.hpp"

#include "tests/support/watched_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <thread>

namespace polled_tree_test {

using namespace vitald::test;
using namespace vitald::watch;

namespace {

class Appended final : public vitald::FileSink {
 public:
  explicit Appended(std::string& out) : out_(out) {}
  bool take(std::string_view bytes) override { return out_.append(bytes), true; }

 private:
  std::string& out_;
};

// Asks itself, or hangs.
class Direct final : public vitald::Probe {
 public:
  explicit Direct(bool hangs) : hangs_(hangs) {}
  void ask(std::span<Question> questions, std::chrono::milliseconds) override {
    for (auto& question : questions) {
      Appended sink(*question.bytes);
      question.error =
          hangs_ ? ETIMEDOUT : vitald::list_folder(std::string(question.path).c_str(), question.stamp, sink);
    }
  }

 private:
  bool hangs_;
};

Polled look(const Settings& settings, bool hangs = false) {
  Poller poller(std::make_unique<Direct>(hangs));
  std::promise<Polled> promise;
  Poller::Job job;
  job.who = &promise;
  job.root = settings.path;
  job.every = std::chrono::hours(1);
  job.recursive = settings.recursive;
  job.enters = [patterns = Patterns(settings.include, settings.exclude)](std::string_view path, std::string_view name) {
    return patterns.keeps(path, name, true);
  };
  job.take = [&](Polled found) { promise.set_value(std::move(found)); };
  poller.add(job);
  std::thread thread([&] { poller.run(); });
  auto found = promise.get_future().get();
  poller.stop();
  thread.join();
  return found;
}

struct Looked {
  explicit Looked(const Settings& its) : settings(its), tree(its, false) { told(); }
  std::string told(bool hangs = false) {
    tree.take(look(settings, hangs));
    const auto events = tree.take_events();
    if (std::exchange(fresh, false))
      picture = known(tree.index());
    else
      for (const auto& event : events) replay(event, picture);
    return words(events);
  }
  const Settings settings;
  PolledTree tree;
  Picture picture;
  bool fresh = true;
};

}  // namespace

TEST_SUITE("watch/polled_tree") {
  TEST_CASE("what differs between two looks is told") {
    WatchedFolder folder;
    folder.sh("mkdir -p a/b; touch a/f a/b/g; ln -s /etc l");
    Looked it(settings_for(folder));
    CHECK(it.picture == on_disk(folder.path()));
    CHECK(it.tree.standing().state == State::polling);
    CHECK(it.tree.standing().ready);
    CHECK(it.told() == "");
    folder.sh("echo x > a/f; mkdir -p c/d; touch c/d/h");
    const auto told = it.told();  // in the order of the directories' names on the disk
    for (const char* each : {"created c", "modified a/f", "created c/d", "created c/d/h"})
      CHECK_MESSAGE((told + ",").find(std::string(each) + ",") != std::string::npos, told);
    CHECK(std::ranges::count(told, ',') == 3);
    CHECK(it.picture == on_disk(folder.path()));
    folder.sh("mv a/b e; rm a/f; mkdir a/f; rm -r c; touch c");
    it.told();
    CHECK(it.picture == on_disk(folder.path()));
    CHECK(known(it.tree.index()) == on_disk(folder.path()));
  }

  TEST_CASE("a root that goes and comes back, and one that does not answer") {
    WatchedFolder folder;
    folder.sh("mkdir r; touch r/f");
    auto settings = settings_for(folder);
    settings.path += "/r";
    Looked it(settings);
    CHECK(it.told(true) == "");
    CHECK(it.tree.standing().state == State::polling);
    CHECK(it.tree.standing().reason.find("does not answer") != std::string::npos);
    CHECK(it.tree.standing().ready);  // from before
    folder.sh("rm -r r");
    CHECK(it.told() == "root_gone (deleted)");
    CHECK(it.tree.standing().state == State::missing);
    CHECK(!it.tree.standing().ready);
    CHECK(it.told() == "");
    folder.sh("mkdir r; touch r/g");
    CHECK(it.told() == "root_back, created g, ready");
    CHECK(it.picture == on_disk(settings.path));
    it.tree.leave();
    CHECK(words(it.tree.take_events()) == "root_gone (unmounted)");
  }

  TEST_CASE("names that are too long are left out, and that is told") {
    WatchedFolder folder;
    PolledTree tree(settings_for(folder), false);
    Polled found;
    found.folders.push_back({"", "", 0});
    vitald::tell_listed({std::string(256, 'x'), {}, 0, false}, found.folders[0].records);
    vitald::tell_listed({std::string(255, 'y'), {}, 0, false}, found.folders[0].records);
    tree.take(found);
    CHECK(tree.standing().entries == 1);
    CHECK(tree.standing().left_out == 1);
  }

  TEST_CASE("patterns, kinds, bounds, and only the directory itself") {
    WatchedFolder folder;
    folder.sh("mkdir -p keep left/x; touch keep/a.log keep/b.tmp left/x/c.log");
    auto settings = settings_for(folder);
    settings.exclude = {"left", "*.tmp"};
    settings.kinds.reset(static_cast<std::size_t>(Type::deleted));
    settings.sizes = true;
    Looked it(settings);
    CHECK(it.picture == Picture{{"keep", true}, {"keep/a.log", false}});
    folder.sh("rm keep/a.log; printf 123 > keep/d.log");
    CHECK(it.told() == "created keep/d.log");
    REQUIRE(it.tree.standing().sizes);
    CHECK(it.tree.standing().sizes->bytes == 3);
    settings.recursive = false;
    CHECK(Looked(settings).picture == Picture{{"keep", true}});
    settings.recursive = true;
    settings.max_entries = 1;
    CHECK(Looked(settings).tree.standing().left_out == 1);
  }
}

}  // namespace polled_tree_test
