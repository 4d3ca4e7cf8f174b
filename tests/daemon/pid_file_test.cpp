#include "daemon/pid_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pid_file_test {

using namespace vitald;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string name = "/tmp/vitald.pid.XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
    file = path / "pid";
  }
  ~Folder() { fs::remove_all(path); }
  std::string text() const {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(std::string_view text) const { std::ofstream(file) << text; }
  fs::path path, file;
};

const std::string own = std::to_string(::getpid()) + "\n";

}  // namespace

TEST_SUITE("daemon/pid_file") {
  TEST_CASE("it holds the number, and is gone in the end") {
    const Folder folder;
    {
      PidFile pid;
      CHECK_FALSE(pid.hold(folder.file));
      CHECK(folder.text() == own);
    }
    CHECK_FALSE(fs::exists(folder.file));
  }

  TEST_CASE("who comes second is told who is there, and takes nothing away") {
    const Folder folder;
    PidFile first, second;
    REQUIRE_FALSE(first.hold(folder.file));
    const auto refused = second.hold(folder.file);
    REQUIRE(refused);
    CHECK(refused->status == EX_UNAVAILABLE);
    CHECK(refused->reason == "another vitald runs, with pid " + std::to_string(::getpid()));
    second.release();
    CHECK(folder.text() == own);
    first.release();
    CHECK_FALSE(second.hold(folder.file));
  }

  TEST_CASE("what nobody locks is stale, whatever it says") {
    const Folder folder;
    for (const char* text : {"1\n", "", "99999999999999999999\n", "nonsense", "-5"}) {
      folder.write(text);
      PidFile pid;
      CHECK_FALSE(pid.hold(folder.file));
      CHECK(folder.text() == own);
    }
  }

  TEST_CASE("a holder that has not written its number is a holder all the same") {
    const Folder folder;
    const int other = ::open(folder.file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    REQUIRE(::flock(other, LOCK_EX) == 0);
    PidFile pid;
    const auto refused = pid.hold(folder.file);
    ::close(other);
    REQUIRE(refused);
    CHECK(refused->status == EX_UNAVAILABLE);
    CHECK(refused->reason == "another vitald runs");
  }

  TEST_CASE("another file in its place is not removed") {
    const Folder folder;
    PidFile pid;
    REQUIRE_FALSE(pid.hold(folder.file));
    fs::remove(folder.file);
    folder.write("7\n");
    pid.release();
    CHECK(folder.text() == "7\n");
  }

  TEST_CASE("links, pipes, directories and second names are refused, and what they lead to is left alone") {
    const Folder folder;
    std::ofstream(folder.path / "target") << "precious";
    const auto refused_with = [&](std::string_view reason) {
      PidFile pid;
      const auto refused = pid.hold(folder.file);
      REQUIRE(refused);
      CHECK(refused->status == EX_CANTCREAT);
      CHECK(refused->reason == reason);
      fs::remove(folder.file);
    };
    fs::create_symlink("target", folder.file);
    refused_with("it is a symbolic link");
    fs::create_hard_link(folder.path / "target", folder.file);
    refused_with("it has a second name");
    REQUIRE(::mkfifo(folder.file.c_str(), 0600) == 0);
    refused_with("it is no regular file");
    REQUIRE(::mkdir(folder.file.c_str(), 0700) == 0);
    refused_with("Is a directory");
    CHECK(fs::file_size(folder.path / "target") == 8);
  }

  TEST_CASE("a directory where anybody may exchange files is refused, but for one like /tmp") {
    const Folder folder;
    PidFile pid;
    REQUIRE(::chmod(folder.path.c_str(), 0777) == 0);
    const auto refused = pid.hold(folder.file);
    REQUIRE(refused);
    CHECK(refused->reason == "anybody may write to its directory");
    CHECK_FALSE(fs::exists(folder.file));
    REQUIRE(::chmod(folder.path.c_str(), 01777) == 0);
    CHECK_FALSE(pid.hold(folder.file));
  }

  TEST_CASE("where it cannot be, the reason is told") {
    PidFile pid;
    const auto refused = pid.hold("/nonexistent/folder/pid");
    REQUIRE(refused);
    CHECK(refused->status == EX_CANTCREAT);
    CHECK(refused->reason == "No such file or directory");
  }
}

}  // namespace pid_file_test
