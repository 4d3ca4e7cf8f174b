#include "daemon/probe.hpp"
#include "tests/support/places.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

namespace probe_test {

using namespace vitald;
using namespace std::chrono_literals;

namespace {

std::string status_of(const std::string& process, std::string_view field) {
  std::ifstream in("/proc/" + process + "/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(field)) return line.substr(line.find('\t') + 1);
  return {};
}

std::set<std::string> children(bool dead = false) {
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (status_of(name, "PPid:") != std::to_string(::getpid())) continue;
    if (status_of(name, "State:").starts_with("Z") == dead) found.insert(name);
  }
  return found;
}

std::size_t descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) count += entry.exists() || true;
  return count;
}

// Waits for what another process does, and fails when it does not come.
template <class Condition>
bool comes(Condition&& condition) {
  const auto end = ProbeChildren::Clock::now() + 5s;
  while (!condition())
    if (ProbeChildren::Clock::now() > end) return false;
  return true;
}

// Of probes that are gone: they do not wait for their children.
void reap_strays() {
  REQUIRE(comes([] { return children().empty(); }));
  while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int slowness = 5;  // a child with a sanitizer in it takes as much longer to start
#else
constexpr int slowness = 1;
#endif
constexpr auto usual_patience = 150ms * slowness, soon = 1000ms * slowness;

struct Mounts {
  Mounts() { reap_strays(); }
  test::Tree tree;
  ProbeChildren probe{test::probe_child, 20ms};
  ~Mounts() {  // no child may stay behind in its loop
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(tree.path("")))
      if (entry.path().extension() == ".frozen") std::filesystem::remove(entry.path(), ignored);
  }
  void make(const std::string& name) const { tree.dir(name); }
  void mark(const std::string& name) const { tree.file(name, ""); }

  // What is said of each, in the order asked.
  std::vector<int> ask(const std::vector<std::string>& names, std::chrono::milliseconds patience = usual_patience) {
    std::vector<std::string> paths;
    for (const auto& name : names) paths.push_back(tree.path(name));
    std::vector<Probe::Question> questions;
    for (const auto& path : paths) questions.push_back({path, 0, {}});
    const auto start = ProbeChildren::Clock::now();
    probe.ask(questions, patience);
    took = ProbeChildren::Clock::now() - start;
    std::vector<int> errors;
    for (const auto& question : questions) errors.push_back(question.error);
    return errors;
  }
  ProbeChildren::Clock::duration took{};
};

using Errors = std::vector<int>;

}  // namespace

TEST_SUITE("daemon/probe") {
  TEST_CASE("a child is started only when something is asked, and it answers as the kernel does") {
    reap_strays();
    ProbeChildren probe(test::probe_child);
    CHECK(children().empty());
    Probe::Question questions[] = {{"/", 0, {}}, {"/no such path", 0, {}}, {"/dev/null/x", 0, {}}};
    probe.ask(questions, 5000ms);
    FileSystemSize root;
    REQUIRE(ask_statfs("/", root) == 0);
    CHECK(questions[0].error == 0);
    CHECK(questions[0].size.blocks == root.blocks);
    CHECK(questions[0].size.block_size == root.block_size);
    CHECK(questions[0].size.files == root.files);
    CHECK(questions[1].error == ENOENT);
    CHECK(questions[2].error == ENOTDIR);
    CHECK(children().size() == 1);
    probe.ask({}, 10ms);
    probe.ask(questions, 5000ms);
    CHECK(children().size() == 1);
    CHECK(probe.abandoned() == 0);
  }

  TEST_CASE("users' names, as getpwuid(3) has them; who asks may end before the daemon does") {
    reap_strays();
    ProbeChildren probe(test::probe_child);
    std::string names[3];
    Probe::Question questions[] = {{"0", 0, {}, Probe::Wants::user, &names[0]},
                                   {"4000000001", 0, {}, Probe::Wants::user, &names[1]},
                                   {"x", 0, {}, Probe::Wants::user, &names[2]}};
    std::thread([&] { probe.ask(questions, 5000ms); }).join();
    const auto child = children();
    CHECK(child.size() == 1);
    std::thread([&] { probe.ask(questions, 5000ms); }).join();
    CHECK(children() == child);
    CHECK(questions[0].error == 0);
    CHECK(names[0] == "root");
    CHECK(questions[1].error == ENOENT);
    CHECK(questions[2].error == EINVAL);
  }

  TEST_CASE("odd paths are answered without a child's help") {
    ProbeChildren probe("/no such program");
    const std::string with_nul("/x\0y", 4), too_long(5000, 'x');
    Probe::Question questions[] = {{with_nul, 0, {}}, {too_long, 0, {}}, {"", 0, {}}};
    probe.ask(questions, 100ms);
    CHECK(questions[0].error == EINVAL);
    CHECK(questions[1].error == ENAMETOOLONG);
    CHECK(questions[2].error == ENOENT);
  }

  TEST_CASE("a program that cannot be started is told as the kernel tells it") {
    ProbeChildren probe("/no such program");
    Probe::Question questions[] = {{"/", 0, {}}, {"/proc", 0, {}}};
    probe.ask(questions, 100ms);
    CHECK(questions[0].error == ENOENT);
    CHECK(questions[1].error == ENOENT);
  }

  TEST_CASE("more paths than one message holds are all answered") {
    test::Tree tree;
    ProbeChildren probe(test::probe_child);
    std::vector<std::string> paths;
    for (int i = 0; i < 40; ++i) paths.push_back("/" + std::string(3000, '/') + (i % 2 == 0 ? "." : "no such path"));
    std::vector<Probe::Question> questions;
    for (const auto& path : paths) questions.push_back({path, -7, {}});
    probe.ask(questions, 5000ms);
    for (std::size_t i = 0; i < questions.size(); ++i) CHECK(questions[i].error == (i % 2 == 0 ? 0 : ENOENT));
  }

  TEST_CASE("a user's files are listed and read") {
    test::Tree tree;
    const std::string large(300'000, 'x');
    tree.file("m/a.prom", large);
    tree.file("m/b.prom", "");
    ProbeChildren probe(test::probe_child);
    const auto pattern = tree.path("m/*.prom"), a = tree.path("m/a.prom"), b = tree.path("m/b.prom");
    std::string records = "old", texts[] = {"old", "old", "old"};
    Probe::Question questions[] = {{pattern, 0, {}, Probe::Wants::files, &records},
                                   {a, 0, {}, Probe::Wants::text, &texts[0]},
                                   {"/dev/zero", 0, {}, Probe::Wants::text, &texts[1]},
                                   {b, 0, {}, Probe::Wants::text, &texts[2]},
                                   {"/", 0, {}}};
    probe.ask(questions, 5000ms);
    std::string_view rest = records;
    ListedFile file;
    REQUIRE(take_listed(rest, file));
    CHECK(file.path == a);
    CHECK(file.stamp == questions[1].stamp);
    REQUIRE(take_listed(rest, file));
    CHECK(rest.empty());
    CHECK(texts[0] == large);
    CHECK(questions[2].error == ENODEV);
    CHECK(questions[3].error == 0);
    CHECK(texts[2].empty());
    CHECK(questions[4].error == 0);
    CHECK(questions[4].size.blocks > 0);
    CHECK(comes([] { return children().size() == 1; }));  // one of an earlier test may be about to go
  }

  TEST_CASE("a folder of files that hangs is let alone as a whole") {
    test::Tree tree;
    tree.file("m/a.prom", "1");
    tree.file("m/b.prom", "2");
    tree.file("n/c.prom", "3");
    ProbeChildren probe(test::probe_child, 20ms);
    const auto ask = [&](const std::string& path, Probe::Wants wants) {
      const auto whole = tree.path(path);
      std::string bytes;
      Probe::Question question[] = {{whole, 0, {}, wants, &bytes}};
      probe.ask(question, 60ms);
      return question[0].error;
    };
    tree.file("m/a.prom.frozen", "");
    CHECK(ask("m/a.prom", Probe::Wants::text) == ETIMEDOUT);
    CHECK(ask("m/b.prom", Probe::Wants::text) == ETIMEDOUT);
    CHECK(ask("m/*.prom", Probe::Wants::files) == ETIMEDOUT);
    CHECK(probe.abandoned() == 1);
    CHECK(comes([&] { return ask("n/c.prom", Probe::Wants::text) == 0; }));
    tree.remove("m/a.prom.frozen");
    CHECK(comes([&] { return ask("m/*.prom", Probe::Wants::files) == 0; }));
    CHECK(probe.abandoned() == 0);
  }

  TEST_CASE("one that hangs does not hold up the others, costs nothing later, and is good again when it answers") {
    Mounts mounts;
    const std::vector<std::string> names = {"a", "b", "b/below", "bb", "c"};
    for (const auto& name : names) mounts.make(name);
    CHECK(mounts.ask(names) == Errors{0, 0, 0, 0, 0});
    mounts.mark("b.frozen");
    CHECK(mounts.ask(names) == Errors{0, ETIMEDOUT, ETIMEDOUT, 0, 0});
    CHECK(mounts.took >= usual_patience);
    CHECK(mounts.took < soon);
    CHECK(mounts.probe.abandoned() == 1);
    const auto stuck = children();
    for (int i = 0; i < 5; ++i) {
      CHECK(mounts.ask(names, 2000ms * slowness) == Errors{0, ETIMEDOUT, ETIMEDOUT, 0, 0});
      CHECK(mounts.took < soon);
      CHECK(mounts.probe.abandoned() == 1);
    }
    CHECK(children() == stuck);
    mounts.tree.remove("b.frozen");
    CHECK(comes([&] { return mounts.ask(names) == Errors{0, 0, 0, 0, 0}; }));
    CHECK(mounts.probe.abandoned() == 0);
    CHECK(comes([&] {
      mounts.ask(names);
      return children().size() + 1 == stuck.size() && children(true).empty();
    }));
  }

  TEST_CASE("one that is slow is waited for while others are asked") {
    Mounts mounts;
    std::vector<std::string> names;
    for (int i = 0; i < 12; ++i) {
      names.push_back(std::to_string(i));
      mounts.make(names.back());
      mounts.mark(names.back() + ".slow");
    }
    CHECK(mounts.ask(names, 2000ms * slowness) == Errors(12, 0));
    CHECK(mounts.probe.abandoned() == 0);
  }

  TEST_CASE("several that hang together end together, and those that work are answered") {
    Mounts mounts;
    std::vector<std::string> names = {"a", "b", "c", "d", "e", "f", "g", "h"};
    Errors expected;
    for (const auto& name : names) {
      mounts.make(name);
      const bool hangs = name != "a" && name != "e" && name != "h";
      if (hangs) mounts.mark(name + ".frozen");
      expected.push_back(hangs ? ETIMEDOUT : 0);
    }
    const auto before = children().size();
    CHECK(mounts.ask(names, 400ms * slowness) == expected);  // five hang: four stay left behind, one is killed
    CHECK(mounts.took < 1200ms * slowness);
    CHECK(mounts.probe.abandoned() == 4);
    for (int i = 0; i < 3; ++i) {
      CHECK(mounts.ask(names, 2000ms * slowness) == expected);
      CHECK(mounts.took < soon);
      CHECK(mounts.probe.abandoned() == 4);
      CHECK(children().size() <= before + 5);
    }
    for (const auto& name : names) mounts.tree.remove(name + ".frozen");
    CHECK(comes([&] { return mounts.ask(names) == Errors(8, 0); }));
    CHECK(mounts.probe.abandoned() == 0);
  }

  TEST_CASE("however many hang, a call ends soon") {
    Mounts mounts;
    std::vector<std::string> names;
    for (int i = 0; i < 30; ++i) {
      names.push_back(std::to_string(i));
      mounts.make(names.back());
      mounts.mark(names.back() + ".frozen");
    }
    const auto before = descriptors();
    for (int i = 0; i < 4; ++i) {
      CHECK(mounts.ask(names) == Errors(30, ETIMEDOUT));
      CHECK(mounts.took < soon);
    }
    CHECK(mounts.probe.abandoned() == 4);
    CHECK(descriptors() <= before + 6);
    for (const auto& name : names) mounts.tree.remove(name + ".frozen");
    CHECK(comes([&] { return mounts.ask(names) == Errors(30, 0); }));
  }

  TEST_CASE("a child that dies is replaced, and its questions are asked once more") {
    Mounts mounts;
    for (const char* name : {"a", "b", "c", "d"}) mounts.make(name);
    mounts.mark("b.dies_once");
    mounts.mark("c.dies");
    CHECK(mounts.ask({"a", "b", "c", "d"}, 3000ms * slowness) == Errors{0, 0, ETIMEDOUT, 0});
    CHECK(mounts.took < 2000ms * slowness);
    CHECK(mounts.probe.abandoned() == 0);
    const auto all = children();
    for (const auto& child : all) ::kill(std::stoi(child), SIGKILL);
    REQUIRE(comes([&] { return children().empty(); }));
    CHECK(mounts.ask({"a", "d"}) == Errors{0, 0});
    CHECK(comes([&] {
      mounts.ask({"a"});
      return children(true).empty();
    }));
  }

  TEST_CASE("a child that was left behind and is killed does no harm") {
    Mounts mounts;
    mounts.make("a");
    mounts.make("b");
    mounts.mark("a.frozen");
    CHECK(mounts.ask({"a", "b"}) == Errors{ETIMEDOUT, 0});
    for (const auto& child : children()) ::kill(std::stoi(child), SIGKILL);
    REQUIRE(comes([&] { return children().empty(); }));
    CHECK(mounts.ask({"a", "b"}) == Errors{ETIMEDOUT, 0});
    CHECK(mounts.probe.abandoned() == 1);
  }

  TEST_CASE("a child holds no descriptor but its socket, has no thread beside it, and ends with the probe") {
    reap_strays();
    {
      ProbeChildren probe(test::probe_child);
      Probe::Question question[] = {{"/", 0, {}}};
      probe.ask(question, 5000ms);
      const auto now = children();
      REQUIRE(now.size() == 1);
      std::set<std::string> open;
      for (const auto& entry : std::filesystem::directory_iterator("/proc/" + *now.begin() + "/fd"))
        open.insert(entry.path().filename().string() + std::filesystem::read_symlink(entry).string().substr(0, 7));
      CHECK(open == std::set<std::string>{"0socket:", "1/dev/nu", "2/dev/nu"});
#ifndef __SANITIZE_THREAD__  // that one brings a thread of its own
      CHECK(status_of(*now.begin(), "Threads:") == "1");
#endif
      CHECK(status_of(*now.begin(), "Name:") == "vitald-probe");
      CHECK(std::filesystem::read_symlink("/proc/" + *now.begin() + "/cwd") == "/");
    }
    CHECK(comes([&] { return children().empty(); }));
  }

  TEST_CASE("the end of a probe does not wait for what hangs") {
    test::Tree tree;
    tree.dir("a");
    tree.file("a.frozen", "");
    auto probe = std::make_unique<ProbeChildren>(test::probe_child, 20ms);
    const auto path = tree.path("a");
    Probe::Question question[] = {{path, 0, {}}};
    probe->ask(question, 50ms);
    CHECK(question[0].error == ETIMEDOUT);
    const auto start = ProbeChildren::Clock::now();
    probe.reset();
    CHECK(ProbeChildren::Clock::now() - start < 500ms);
    tree.remove("a.frozen");
    CHECK(comes([&] { return children().empty(); }));
  }
}

}  // namespace probe_test
