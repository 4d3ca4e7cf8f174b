#include "collectors/base/user_files.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/broken_file.hpp"

#include <doctest/doctest.h>

#include <cerrno>

namespace user_files_test {

using namespace vitald;

namespace {

// "path size" or "path!errno", with '/' behind a folder's path; without the tree's own path.
std::vector<std::string> listed(const test::Tree& tree, std::string_view pattern, Links links = Links::follow) {
  UserFiles files;
  std::string records;
  REQUIRE(files.list(tree.path(pattern), links, records) == 0);
  std::vector<std::string> all;
  std::string_view rest = records;
  for (ListedFile file; take_listed(rest, file);) {
    auto name = std::string(file.path.substr(tree.path("").size())).append(file.is_folder ? "/" : "");
    all.push_back(name + (file.error ? "!" + std::to_string(file.error) : " " + std::to_string(file.stamp.size)));
  }
  CHECK(rest.empty());
  return all;
}

struct Read final : FileSink {
  std::string text;
  bool take(std::string_view bytes) override { return text.append(bytes), true; }
};

int error_of(const test::Tree& tree, std::string_view path, Links links = Links::follow) {
  Read text;
  FileStamp stamp;
  return read_user_file(tree.path(path).c_str(), links, stamp, text);
}

using Names = std::vector<std::string>;
const std::string gone = std::to_string(ENOENT), no_file = std::to_string(ENODEV), loop = std::to_string(ELOOP);

}  // namespace

TEST_SUITE("base/user_files") {
  TEST_CASE("a folder's files of a pattern, in order, and what is none") {
    const test::Tree tree;
    tree.file("m/b.prom", "12");
    tree.file("m/a.prom", "1");
    tree.file("m/.c.prom", "123");
    tree.file("m/d.txt", "");
    tree.dir("m/e.prom");
    tree.link("m/f.prom", "a.prom");
    tree.link("m/g.prom", "nowhere");
    tree.link("m/h.prom", "h.prom");
    tree.link("m/i.prom", "/dev/zero");
    CHECK(listed(tree, "m/*.prom") == Names{"m/.c.prom 3", "m/a.prom 1", "m/b.prom 2", "m/e.prom!" + no_file,
                                            "m/f.prom 1", "m/g.prom!" + gone, "m/h.prom!" + loop,
                                            "m/i.prom!" + no_file});
    CHECK(listed(tree, "m/[ab].*") == Names{"m/a.prom 1", "m/b.prom 2"});
    CHECK(listed(tree, "nowhere/*.prom") == Names{"nowhere/!" + gone});
    CHECK(listed(tree, "m/a.prom/*.prom") == Names{"m/a.prom/!" + std::to_string(ENOTDIR)});
  }

  TEST_CASE("folders by pattern: only those that are there, else the name as it is") {
    const test::Tree tree;
    tree.file("x/1/in/a.prom", "");
    tree.file("x/2/in/a.prom", "");
    tree.file("x/3/a.prom", "");
    tree.file("x/4", "");
    CHECK(listed(tree, "x/*/in/*.prom") == Names{"x/1/in/a.prom 0", "x/2/in/a.prom 0"});
    CHECK(listed(tree, "x/?/*.prom") == Names{"x/3/a.prom 0"});
    CHECK(listed(tree, "x/[5-9]/*.prom") == Names{"x/[5-9]/!" + gone});
    tree.file("x/[5-9]/a.prom", "");
    CHECK(listed(tree, "x/[5-9]/*.prom") == Names{"x/[5-9]/a.prom 0"});
  }

  TEST_CASE("links can be refused, wherever they stand") {
    const test::Tree tree;
    tree.file("m/a.prom", "1");
    tree.link("way", "m");
    UserFiles files;
    std::string records;
    REQUIRE(files.list(tree.path("m/*.prom"), Links::refuse, records) == 0);
    CHECK(files.list(tree.path("way/*.prom"), Links::refuse, records) == ELOOP);
    CHECK(error_of(tree, "m/a.prom", Links::refuse) == 0);
    CHECK(error_of(tree, "way/a.prom", Links::refuse) == ELOOP);
    tree.link("m/b.prom", "a.prom");
    CHECK(files.list(tree.path("m/*.prom"), Links::refuse, records) == ELOOP);
    CHECK(files.list(tree.path("w*/*.prom"), Links::refuse, records) == ELOOP);
  }

  TEST_CASE("a file is read whole, with its stamp") {
    const test::Tree tree;
    const std::string large(100'000, 'x');
    tree.file("a", large);
    Read text;
    FileStamp stamp;
    REQUIRE(read_user_file(tree.path("a").c_str(), Links::follow, stamp, text) == 0);
    CHECK(text.text == large);
    CHECK(stamp.size == large.size());
    CHECK(stamp.inode != 0);
    CHECK(stamp.modified_ns > 0);
  }

  TEST_CASE("what is no plain file, or too large, is not read") {
    const test::Tree tree;
    using test::Broken;
    const std::pair<Broken, int> all[] = {{Broken::folder, ENODEV},
                                          {Broken::pipe, ENODEV},
                                          {Broken::huge, EFBIG},
                                          {Broken::endless, ENODEV},
                                          {Broken::loop, ELOOP}};
    for (const auto& [how, error] : all) {
      test::put(tree, "a", how, "");
      CHECK(error_of(tree, "a") == error);
    }
    CHECK(error_of(tree, "nowhere") == ENOENT);
  }

  TEST_CASE("a list that is cut is taken as far as it is whole") {
    std::string records;
    tell_listed({"a", {}, 5, true}, records);
    tell_listed({"b", {}, 0, false}, records);
    std::string_view cut(records.data(), records.size() - 1);
    ListedFile file;
    REQUIRE(take_listed(cut, file));
    CHECK(file.path == "a");
    CHECK(file.error == 5);
    CHECK_FALSE(take_listed(cut, file));
  }

  TEST_CASE("once warm it allocates nothing") {
    const test::Tree tree;
    tree.file("x/1/a.prom", "");
    tree.file("x/2/b.prom", "");
    UserFiles files;
    std::string records;
    const auto pattern = tree.path("x/*/*.prom");
    for (int i = 0; i < 2; ++i) records.clear(), files.list(pattern, Links::follow, records);
    records.clear();
    CHECK(test::allocations_of([&] { files.list(pattern, Links::follow, records); }) == 0);
  }
}

}  // namespace user_files_test
