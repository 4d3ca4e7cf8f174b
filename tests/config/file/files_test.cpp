#include "config/file/files.hpp"

#include "tests/config/support.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace files_test {

using namespace vitald;
using test::Texts;

namespace {

config::Files read(const test::Tree& tree) {
  return config::read_files(tree.path("v.yaml"), test::vocabulary().options());
}

Texts values(const config::Files& files, std::string_view flag) {
  for (const auto& given : files.given)
    if (given.option->flag == flag) return given.values;
  return {};
}

}  // namespace

TEST_SUITE("config/file/files") {
  TEST_CASE("conf.d beside the file goes before it, a later name before an earlier one") {
    test::Tree tree;
    tree.file("v.yaml", "web.freshness: 1s\nlog.level: debug\ncollector.disk.folder: [a, b]\n");
    tree.file("conf.d/20.yaml", "web.freshness: 3s\n");
    tree.file("conf.d/10.yaml", "web.freshness: 2s\ncollector.disk.folder: c\n");
    tree.file("conf.d/.hidden.yaml", "nonsense: 1\n");
    tree.file("conf.d/30.yml", "nonsense: 1\n");
    tree.file("conf.d/40.yaml~", "nonsense: 1\n");
    tree.file("conf.d/.yaml", "nonsense: 1\n");
    const auto files = read(tree);
    CHECK(files.errors.empty());
    CHECK(files.read == Texts{tree.path("v.yaml"), tree.path("conf.d/10.yaml"), tree.path("conf.d/20.yaml")});
    CHECK(values(files, "web.freshness") == Texts{"3s"});
    CHECK(values(files, "log.level") == Texts{"debug"});
    CHECK(values(files, "collector.disk.folder") == Texts{"c"});  // a list is replaced, not added to
    CHECK(files.given.size() == 3);
  }

  TEST_CASE("an old name in one file and the new one in another are the same setting") {
    test::Tree tree;
    tree.file("v.yaml", "collector.disk.exclude: a\n");
    tree.file("conf.d/x.yaml", "collector.disk.ignored: b\n");
    const auto files = read(tree);
    REQUIRE(files.given.size() == 1);
    CHECK(values(files, "collector.disk.ignored") == Texts{"b"});
  }

  TEST_CASE("faults of all files are told, each with its file") {
    test::Tree tree;
    tree.file("v.yaml", "web.fresness: 1s\n");
    tree.file("conf.d/a.yaml", "log.level: [");
    tree.file("conf.d/b.yaml", "\nnonsense: 1\n");
    const auto files = read(tree);
    REQUIRE(files.errors.size() == 3);
    CHECK(files.errors[0].starts_with(tree.path("v.yaml") + ":1: unknown key web.fresness"));
    CHECK(files.errors[1].starts_with(tree.path("conf.d/a.yaml") + ":1: "));
    CHECK(files.errors[2] == tree.path("conf.d/b.yaml") + ":2: unknown key nonsense");
  }

  TEST_CASE("what cannot be read is told: no file, a folder, a pipe, a dangling link, too much") {
    test::Tree tree;
    CHECK(read(tree).errors == Texts{tree.path("v.yaml") + ": No such file or directory"});
    tree.file("v.yaml", "");
    tree.file("conf.d/a.yaml/x", "");
    REQUIRE(::mkfifo(tree.path("conf.d/b.yaml").c_str(), 0600) == 0);
    REQUIRE(::symlink("/not/there", tree.path("conf.d/c.yaml").c_str()) == 0);
    tree.file("conf.d/d.yaml", std::string((1 << 20) + 1, '#'));
    REQUIRE(::symlink(tree.path("conf.d/d.yaml").c_str(), tree.path("conf.d/e.yaml").c_str()) == 0);
    CHECK(read(tree).errors == Texts{tree.path("conf.d/a.yaml") + ": it is no plain file",
                                     tree.path("conf.d/b.yaml") + ": it is no plain file",
                                     tree.path("conf.d/c.yaml") + ": No such file or directory",
                                     tree.path("conf.d/d.yaml") + ": it is larger than 1 MiB",
                                     tree.path("conf.d/e.yaml") + ": it is larger than 1 MiB"});
  }

  TEST_CASE("a conf.d that is no folder is told") {
    test::Tree tree;
    tree.file("v.yaml", "");
    tree.file("conf.d", "");
    CHECK(read(tree).errors == Texts{tree.path("conf.d") + ": Not a directory"});
  }
}

}  // namespace files_test
