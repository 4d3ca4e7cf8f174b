#include "daemon/log_file.hpp"

#include "daemon/log.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace log_file_test {

using namespace vitald;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Folder {
  Folder() {
    std::string name = "/tmp/vitald.log.XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

std::unique_ptr<LogTarget> opened(const fs::path& path) {
  auto target = log_to_file(path, config::LogFormat::logfmt);
  REQUIRE(target.has_value());
  return std::move(*target);
}

// Both ways: before the thread, and by it.
template <class Body>
void with_and_without_thread(Body body) {
  for (const bool threaded : {false, true}) {
    INFO("threaded: ", threaded);
    Folder folder;
    Log log(Log::Level::info, opened(folder.path / "log"));
    if (threaded) log.start();
    body(log, folder.path / "log");
  }
}

std::ptrdiff_t lines(const std::string& text) { return std::ranges::count(text, '\n'); }

}  // namespace

TEST_SUITE("daemon/log_file") {
  TEST_CASE("lines are appended, and nobody else may read them") {
    with_and_without_thread([](const Log& log, const fs::path& path) {
      log.info("one");
      log.info("two");
      log.end();
      const auto text = text_of(path);
      CHECK(lines(text) == 2);
      CHECK(text.find("level=INFO msg=one\n") < text.find("level=INFO msg=two\n"));
      struct stat about {};
      REQUIRE(::stat(path.c_str(), &about) == 0);
      CHECK((about.st_mode & 0137) == 0);
    });
  }

  TEST_CASE("a file that was moved away or removed is made anew at the next line") {
    with_and_without_thread([](const Log& log, const fs::path& path) {
      log.info("one");
      log.end();
      const auto old = path.native() + ".1";
      fs::rename(path, old);
      log.info("two");
      log.end();
      CHECK(lines(text_of(old)) == 1);
      CHECK(text_of(path).ends_with("msg=two\n"));
      fs::remove(path);
      log.info("three");
      log.end();
      CHECK(text_of(path).ends_with("msg=three\n"));
    });
  }

  TEST_CASE("asked to, it is opened anew without a line") {
    with_and_without_thread([](const Log& log, const fs::path& path) {
      fs::remove(path);
      log.reopen();
      log.end();
      CHECK(fs::exists(path));
      CHECK(log.lost() == 0);
    });
  }

  TEST_CASE("one that is truncated in place goes on from its start") {
    with_and_without_thread([](const Log& log, const fs::path& path) {
      for (int i = 0; i < 100; ++i) log.info(std::to_string(i));
      log.end();
      fs::resize_file(path, 0);
      log.info("on");
      log.end();
      CHECK(text_of(path).starts_with("time="));
      CHECK(lines(text_of(path)) == 1);
    });
  }

  TEST_CASE("while it cannot be opened anew the old file is good, and says why once") {
    with_and_without_thread([](const Log& log, const fs::path& path) {
      const auto folder = path.parent_path(), aside = fs::path(folder.native() + ".aside");
      fs::rename(folder, aside);
      log.info("one");
      log.info("two");
      log.end();
      const auto text = text_of(aside / "log");
      CHECK(lines(text) == 3);
      CHECK(text.find("it goes on in the old file\" file=" + path.native()) != text.npos);
      fs::rename(aside, folder);
      CHECK(log.lost() == 0);
    });
  }

  TEST_CASE("a full disk costs lines, which are counted and told when there is room again") {
    if (!fs::exists("/dev/full")) return;
    for (const bool threaded : {false, true}) {
      Folder folder;
      fs::create_symlink("/dev/full", folder.path / "log");
      Log log(Log::Level::info, opened(folder.path / "log"));
      if (threaded) log.start();
      for (int i = 0; i < 7; ++i) log.info(std::to_string(i));
      log.end();
      CHECK(log.lost() == 7);
      fs::remove(folder.path / "log");
      log.reopen();
      log.info("again");
      log.end();
      const auto text = text_of(folder.path / "log");
      CHECK(lines(text) == 2);
      CHECK(text.find("level=WARN msg=\"lines of the log were lost\" lines=7\n") != text.npos);
      CHECK(text.ends_with("msg=again\n"));
    }
  }

  TEST_CASE("what cannot be opened is told") {
    Folder folder;
    CHECK(log_to_file(folder.path / "no/log", config::LogFormat::logfmt).error().code.value() == ENOENT);
    CHECK(log_to_file(folder.path, config::LogFormat::logfmt).error().code.value() == EISDIR);
    REQUIRE(::mkfifo((folder.path / "fifo").c_str(), 0600) == 0);
    CHECK(log_to_file(folder.path / "fifo", config::LogFormat::logfmt).error().code.value() == ENXIO);
  }

  TEST_CASE("the thread does not hold up the end, and ends with the log") {
    Folder folder;
    for (int i = 0; i < 20; ++i) {
      Log log(Log::Level::info, opened(folder.path / "log"));
      log.start();
      log.info(std::to_string(i));
    }
    CHECK(lines(text_of(folder.path / "log")) == 20);
  }
}

}  // namespace log_file_test
