#include "tests/support/tree.hpp"

#include "collectors/base/scan.hpp"
#include "tests/support/places.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace vitald::test {
namespace fs = std::filesystem;

Tree::Tree() {
  std::string pattern = fs::temp_directory_path() / "vitald.XXXXXX";
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  root_ = pattern;
  roots_ = {path("proc"), path("sys"), root_, path("udev")};
  for (const char* folder : {"proc", "sys", "udev"}) dir(folder);
}

Tree::~Tree() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

Tree::Tree(std::string_view host) : Tree() {
  std::ifstream in((hosts + "/").append(host).append(".tree"));
  REQUIRE_MESSAGE(in.good(), "no such host: " << std::string(host));
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  std::string_view rest = all;
  std::string_view open;  // the file whose text is being taken
  std::string text;
  const auto finish = [&] {
    if (open.empty()) return;
    if (open.ends_with(" without newline")) {
      open.remove_suffix(16);
      text.pop_back();
    }
    file(open, text);
    open = {};
    text.clear();
  };
  while (!rest.empty()) {
    auto line = scan::take_line(rest);
    if (!line.starts_with("== ")) {
      text.append(line).push_back('\n');
      continue;
    }
    finish();
    text.clear();
    line.remove_prefix(3);
    const auto kind = scan::take_word(line);
    line.remove_prefix(1);
    if (kind == "file") open = line;
    if (kind == "dir") dir(line);
    if (kind == "link") link(line.substr(0, line.find(" -> ")), line.substr(line.find(" -> ") + 4));
  }
  finish();
  const timespec written{1'764'000'000, 0}, times[] = {written, written};
  for (const auto& each : fs::recursive_directory_iterator(root_))  // what collectors tell the time of
    if (each.path().extension() == ".prom") ::utimensat(AT_FDCWD, each.path().c_str(), times, 0);
}

void Tree::file(std::string_view inside, std::string_view text) const {
  remove(inside);
  fs::create_directories(fs::path(path(inside)).parent_path());
  std::ofstream(path(inside), std::ios::binary) << text;
}

void Tree::dir(std::string_view inside) const { fs::create_directories(path(inside)); }

void Tree::link(std::string_view inside, std::string_view target) const {
  remove(inside);
  fs::create_directories(fs::path(path(inside)).parent_path());
  fs::create_symlink(target, path(inside));
}

void Tree::remove(std::string_view inside) const { fs::remove_all(path(inside)); }

}  // namespace vitald::test
