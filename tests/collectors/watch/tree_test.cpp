#include "collectors/watch/tree.hpp"

#include "tests/support/watched_folder.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace tree_test {

using namespace vitald::test;
using vitald::watch::Type;

namespace {

struct Watched {
  Watched() : tree(settings_for(folder)) { tree.told(); }
  std::string after(const std::string& commands) {
    folder.sh(commands);
    auto told = tree.told();
    const auto truth = on_disk(folder.path());
    if (tree.picture != truth || known(tree.tree) != truth) MESSAGE(difference(known(tree.tree), truth), "; ", told);
    CHECK(tree.picture == truth);
    CHECK(known(tree.tree) == truth);
    return told;
  }
  WatchedFolder folder;
  ByHand tree;
};

std::size_t count(const std::vector<vitald::watch::Event>& events, Type type) {
  return static_cast<std::size_t>(std::ranges::count(events, type, &vitald::watch::Event::type));
}

}  // namespace

TEST_SUITE("watch/tree") {
  TEST_CASE("what is there at the start is known and not told") {
    WatchedFolder folder;
    folder.sh("mkdir -p a/b; touch a/b/c d");
    ByHand tree(settings_for(folder));
    CHECK(tree.told() == "ready");
    CHECK(tree.picture == on_disk(folder.path()));
    CHECK(tree.tree.standing().state == vitald::watch::State::active);
  }

  TEST_CASE("a root that may not be opened is asked for again, and found") {
    WatchedFolder folder;
    auto settings = settings_for(folder);
    settings.follow_links = false;
    settings.path = folder.outside() + "/a/d";
    folder.sh("mkdir -p ../outside/a/d");
    ByHand tree(settings);
    folder.sh("cd ../outside; touch a/d/f; mv a b; ln -s b a");  // a link on the way
    CHECK(tree.told() == "ready, created f, attributes f, closed f, root_gone (moved)");
    CHECK(tree.tree.standing().state == vitald::watch::State::error);
    const auto next = tree.tree.step();
    CHECK(next <= vitald::watch::Clock::now() + std::chrono::seconds(5));
    folder.sh("cd ../outside; rm a; mv b a");
    CHECK(tree.told() == "root_back, created f, ready");
    CHECK(tree.tree.standing().state == vitald::watch::State::active);
  }

  TEST_CASE("a file's life") {
    Watched watched;
    CHECK(watched.after("printf x > f") == "created f, modified f, closed f");
    CHECK(watched.after("chmod 600 f") == "attributes f");
    CHECK(watched.after("mv f g") == "moved f->g");
    CHECK(watched.after("rm g") == "deleted g");
    CHECK(watched.after("ln -s nowhere l; mkfifo p") == "created l, created p");
    CHECK(watched.after("touch a; ln a b; rm a") == "created a, attributes a, closed a, created b, deleted a");
  }

  TEST_CASE("what happens in a new directory before it is watched is told once") {
    Watched watched;
    CHECK(watched.after("mkdir -p a/b/c; touch a/b/c/f a/g").find("created a, ") == 0);
    auto paths = std::vector<std::string>();
    for (const auto& event : watched.tree.all)
      if (event.type == Type::created) paths.push_back(event.path);
    std::ranges::sort(paths);
    CHECK(paths == std::vector<std::string>{"a", "a/b", "a/b/c", "a/b/c/f", "a/g"});
    for (const auto& event : watched.tree.all)
      if (event.path == "a/b/c/f" && event.type == Type::created) {
        CHECK(event.synthetic);
        CHECK(event.known);
        CHECK(event.inode != 0);
      }
    CHECK(watched.after("touch a/b/c/later") == "created a/b/c/later, attributes a/b/c/later, closed a/b/c/later");
  }

  TEST_CASE("a directory moves with all that is in it, and is followed") {
    Watched watched;
    watched.after("mkdir -p a/b c; touch a/b/f");
    CHECK(watched.after("mv a c/a2") == "moved a->c/a2");
    CHECK(watched.after("touch c/a2/b/g").find("created c/a2/b/g") == 0);
    CHECK(watched.after("mkdir a; mv c/a2 a/a3; mv a d") == "created a, deleted a, created d, moved c/a2->d/a3");
    CHECK(watched.after("rm d/a3/b/f") == "deleted d/a3/b/f");
  }

  TEST_CASE("moved out is deleted, and what happens there is not told") {
    Watched watched;
    watched.after("mkdir -p a/b; touch a/b/f");
    CHECK(watched.after("mv a ../outside/a") == "deleted a");
    CHECK(watched.tree.tree.standing().folders == 1);
    CHECK(watched.after("touch ../outside/a/b/secret; mkdir a; touch a/mine").find("secret") == std::string::npos);
    CHECK(watched.after("touch ../outside/a/b/more") == "");
  }

  TEST_CASE("moved in is created with all that is in it, and followed") {
    Watched watched;
    watched.folder.sh("mkdir -p ../outside/x/y; touch ../outside/x/y/f");
    CHECK(watched.after("mv ../outside/x .") == "created x, created x/y, created x/y/f");
    CHECK(watched.after("rm x/y/f") == "deleted x/y/f");
    CHECK(watched.after("touch ../outside/f; mv ../outside/f x/f") == "created x/f");
    CHECK(watched.after("touch ../outside/f; mv ../outside/f x/f") == "created x/f");  // replaced
  }

  TEST_CASE("chains and swaps end where they end") {
    Watched watched;
    watched.after("touch a b; mkdir d e; touch d/in");
    CHECK(watched.after("mv a t; mv b a; mv t b") == "moved a->t, moved b->a, moved t->b");
    CHECK(watched.after("mv d t; mv e d; mv t e") == "moved d->t, moved e->d, moved t->e");
    CHECK(watched.after("mv e d/; mv d/e .; mv d e/") == "moved e->d/e, moved d/e->e, moved d->e/d");
    CHECK(watched.after("mv -f a b; mv b a") == "moved a->b, moved b->a");
  }

  TEST_CASE("an exchange is told as one") {
    Watched watched;
    watched.after("touch f g; mkdir d e; touch d/1 e/2");
    const auto swap = [&](const char* one, const char* other) {
      const auto from = watched.folder.path() + "/" + one, to = watched.folder.path() + "/" + other;
      REQUIRE(::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0);
      return watched.after(":");
    };
    CHECK(swap("f", "g") == "exchanged f->g");
    CHECK(swap("d", "e") == "exchanged d->e");
    CHECK(swap("d", "f") == "exchanged d->f");
    CHECK(watched.after("touch f/x").find("created f/x") == 0);
  }

  TEST_CASE("a name that is used again is another") {
    Watched watched;
    watched.after("mkdir a; touch a/1");
    watched.after("rm -r a; mkdir a; touch a/2; rm -r a; touch a; rm a; mkdir -p a/b/c; mv a ../outside/; mkdir a");
    watched.after("touch a/z; rm -rf ../outside/a");
  }

  TEST_CASE("a directory is found where it was moved to before that was watched") {
    Watched watched;
    watched.after("mkdir -p old/sub/deep; touch old/sub/f");
    CHECK(watched.after("mkdir -p new/place; mv old/sub new/place/; touch new/place/sub/g").find("moved old/sub->") !=
          std::string::npos);
    CHECK(watched.after("touch new/place/sub/deep/h").find("created new/place/sub/deep/h") == 0);
  }

  TEST_CASE("names of every kind") {
    Watched watched;
    watched.after("touch \"$(printf 'new\\nline')\" \"$(printf 'bad\\377utf')\" ' blank ' \"quote'\\\"\" -- -dash");
    watched.after(
        "mkdir $(printf 'x%.0s' $(seq 255)); touch $(printf 'x%.0s' $(seq 255))/$(printf 'y%.0s' $(seq 255))");
  }

  TEST_CASE("deeper than PATH_MAX") {
    Watched watched;
    const std::string name(200, 'd');
    const auto dive = "for i in $(seq 60); do mkdir " + name + "; cd -P " + name + "; done; touch bottom";
    watched.after(dive);
    CHECK(watched.tree.tree.standing().folders == 61);
    const auto again = "for i in $(seq 60); do cd -P " + name + "; done; mv bottom renamed; mkdir more; touch more/f";
    const auto told = watched.after(again);
    CHECK(told.find("moved ") == 0);
    CHECK(told.size() > 3 * 12'000);
  }

  TEST_CASE("links are told of, and never followed") {
    Watched watched;
    watched.folder.sh("mkdir -p ../outside/x");
    CHECK(watched.after("ln -s ../outside/x l; touch l/f") == "created l");
  }

  TEST_CASE("files without a name, or with none any more, are not told of") {
    Watched watched;
    CHECK(watched.after("exec 3>f; rm f; echo x >&3; exec 3>&-") == "created f, deleted f");
    const int fd = ::open(watched.folder.path().c_str(), O_TMPFILE | O_RDWR, 0600);
    if (fd >= 0) {
      REQUIRE(::write(fd, "x", 1) == 1);
      ::close(fd);
      CHECK(watched.tree.told() == "");
    }
  }

  TEST_CASE("what is left out is not told, and moving it in or out is coming and going") {
    WatchedFolder folder;
    folder.sh("mkdir -p cache/deep keep");
    auto settings = settings_for(folder);
    settings.exclude = {"*.tmp", "cache"};
    ByHand tree(settings);
    tree.told();
    CHECK(tree.tree.standing().folders == 2);
    folder.sh("touch a.tmp cache/deep/f; touch keep/b");
    CHECK(tree.told() == "created keep/b, attributes keep/b, closed keep/b");
    folder.sh("mv a.tmp a; mv a b; mv b b.tmp");
    CHECK(tree.told() == "created a, moved a->b, deleted b");
    folder.sh("mv cache shown; mv keep cache");
    CHECK(tree.told() == "created shown, created shown/deep, created shown/deep/f, deleted keep");
  }

  TEST_CASE("patterns with a slash look at the path, also after a move") {
    WatchedFolder folder;
    auto settings = settings_for(folder);
    settings.include = {"in/*.txt"};
    ByHand tree(settings);
    tree.told();
    folder.sh("mkdir in out; touch in/a.txt out/a.txt in/b.md");
    tree.told();
    CHECK(tree.picture == Picture{{"in", true}, {"in/a.txt", false}, {"out", true}});
    folder.sh("mv out tmp; mv in out; mv tmp in");
    tree.told();
    CHECK(tree.picture == Picture{{"in", true}, {"in/a.txt", false}, {"out", true}});
  }

  TEST_CASE("only what is asked for is told") {
    WatchedFolder folder;
    auto settings = settings_for(folder);
    settings.kinds.reset(static_cast<std::size_t>(Type::modified));
    settings.kinds.reset(static_cast<std::size_t>(Type::attributes));
    ByHand tree(settings);
    tree.told();
    folder.sh("echo x > a; chmod 600 a; mkdir d; echo y > d/b");
    tree.told();
    CHECK(count(tree.all, Type::modified) + count(tree.all, Type::attributes) == 0);
    CHECK(count(tree.all, Type::created) == 3);
  }

  TEST_CASE("not into directories unless told to") {
    WatchedFolder folder;
    folder.sh("mkdir -p a/b");
    auto settings = settings_for(folder);
    settings.recursive = false;
    ByHand tree(settings);
    tree.told();
    folder.sh("touch a/f; mkdir c; touch c/g; mv c d");
    CHECK(tree.told() == "created c, moved c->d");
    CHECK(tree.tree.standing().watches >= 1);
  }

  TEST_CASE("modified in a row is one event with a count") {
    Watched watched;
    watched.after("touch f");
    const auto path = watched.folder.path() + "/f";
    const int fd = ::open(path.c_str(), O_WRONLY);
    for (int i = 0; i < 5; ++i) {
      REQUIRE(::pwrite(fd, "x", 1, i) == 1);
      watched.tree.pump();  // else the kernel itself makes one of them
    }
    ::close(fd);
    CHECK(watched.tree.told().find("modified f") == 0);
  }

  TEST_CASE("more entries than allowed: the rest is counted, and said so") {
    WatchedFolder folder;
    folder.sh("touch $(seq 20)");
    auto settings = settings_for(folder);
    settings.max_entries = 10;
    ByHand tree(settings);
    const auto standing = tree.tree.standing();
    CHECK(standing.state == vitald::watch::State::degraded);
    CHECK(standing.entries == 10);
    CHECK(standing.left_out == 10);
    CHECK(standing.reason.find("--watch.max-entries is reached, first at /") == 0);
  }

  TEST_CASE("a directory that may not be read is told, counted, and read when it may be") {
    if (::geteuid() == 0) return;
    Watched watched;
    watched.folder.sh("mkdir -p ../outside/p; touch ../outside/p/f; chmod 0 ../outside/p");
    watched.folder.sh("mv ../outside/p .");
    CHECK(watched.tree.told() == "created p");
    CHECK(watched.tree.tree.standing().state == vitald::watch::State::degraded);
    CHECK(watched.after("chmod 755 p") == "attributes p, created p/f");
  }
}

TEST_SUITE("watch/root") {
  TEST_CASE("a root that is not there yet is waited for") {
    WatchedFolder folder;
    auto settings = settings_for(folder);
    settings.path += "/a/b";
    ByHand tree(settings);
    CHECK(tree.told() == "");
    CHECK(tree.tree.standing().state == vitald::watch::State::missing);
    folder.sh("mkdir a");
    CHECK(tree.told() == "");
    folder.sh("mkdir -p a/b/c; touch a/b/c/f");
    CHECK(tree.told() == "root_back, created c, created c/f, ready");
    CHECK(tree.tree.standing().state == vitald::watch::State::active);
    CHECK(tree.picture == on_disk(settings.path));
    folder.sh("touch a/b/c/g");
    CHECK(tree.told().find("created c/g") == 0);
  }

  TEST_CASE("a root that is deleted is told, and found when it is made anew") {
    WatchedFolder folder;
    folder.sh("mkdir -p r/s; touch r/f");
    auto settings = settings_for(folder);
    settings.path += "/r";
    ByHand tree(settings);
    tree.told();
    folder.sh("rm -r r");
    CHECK(tree.told().find("root_gone (deleted)") != std::string::npos);
    CHECK(tree.tree.standing().state == vitald::watch::State::missing);
    folder.sh("mkdir -p r/t; touch r/t/f");
    CHECK(tree.told() == "root_back, created t, created t/f, ready");
    folder.sh("rm -r r; mkdir r; touch r/again");
    tree.told();
    CHECK(tree.picture == on_disk(settings.path));
  }

  TEST_CASE("a root that is moved away is not followed") {
    WatchedFolder folder;
    folder.sh("mkdir -p up/r; touch up/r/f");
    auto settings = settings_for(folder);
    settings.path += "/up/r";
    ByHand tree(settings);
    tree.told();
    folder.sh("mv up/r away");
    CHECK(tree.told() == "root_gone (moved)");
    folder.sh("touch away/secret; mkdir up/r; touch up/r/new");
    const auto told = tree.told();
    CHECK(told.find("secret") == std::string::npos);
    CHECK(told == "root_back, created new, ready");
    folder.sh("mv up elsewhere");  // a directory on the way
    CHECK(tree.told() == "root_gone (moved)");
    folder.sh("mv elsewhere up");
    CHECK(tree.told() == "root_back, created new, ready");
  }

  TEST_CASE("a root that is no directory") {
    WatchedFolder folder;
    folder.sh("touch r");
    auto settings = settings_for(folder);
    settings.path += "/r";
    ByHand tree(settings);
    CHECK(tree.tree.standing().state == vitald::watch::State::missing);
    folder.sh("rm r; mkdir r");
    CHECK(tree.told() == "root_back, ready");
  }
}

}  // namespace tree_test
