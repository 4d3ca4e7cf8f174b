#include "tests/support/broken_file.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace paths_test {

using namespace vitald;

namespace {

bool has(const std::string& text, const std::string& line) { return text.find("\n" + line + "\n") != text.npos; }

void set_time(const std::string& path, time_t seconds) {
  const timespec times[] = {{seconds, 500'000'000}, {seconds, 500'000'000}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
}

}  // namespace

TEST_SUITE("filesystem/paths") {
  TEST_CASE("a file, a folder, and what is not there") {
    test::Tree tree;
    tree.file("f", "12345");
    tree.dir("d");
    REQUIRE(::chmod(tree.path("f").c_str(), 0640) == 0);
    set_time(tree.path("f"), 1000);
    test::Running running(tree, "paths", {{"paths", "/f"}, {"paths", "/d"}, {"paths", "/none"}, {"paths", "/f/x"}});
    const auto text = "\n" + running.text();
    CHECK(has(text, "vitald_path_exists{path=\"/f\"} 1"));
    CHECK(has(text, "vitald_path_size_bytes{path=\"/f\"} 5"));
    CHECK(has(text, "vitald_path_mode{path=\"/f\"} 416"));
    CHECK(has(text, "vitald_path_mtime_seconds{path=\"/f\"} 1000.5"));
    CHECK(has(text, "vitald_path_is_mount{path=\"/f\"} 0"));
    CHECK(has(text, "vitald_path_exists{path=\"/d\"} 1"));
    CHECK(has(text, "vitald_path_exists{path=\"/none\"} 0"));
    CHECK(has(text, "vitald_path_exists{path=\"/f/x\"} 0"));
    CHECK(text.find("size_bytes{path=\"/none\"}") == text.npos);
    CHECK(text.find("path_unknown") == text.npos);
    CHECK(running.remarks.told.empty());
  }

  TEST_CASE("what does not answer is neither there nor not, and told once") {
    test::Tree tree;
    tree.file("f", "x");
    test::Running running(tree, "paths", {{"paths", "/f"}});
    running.probe.silent = true;
    for (int i = 0; i < 3; ++i) {
      const auto text = "\n" + running.text();
      CHECK(has(text, "vitald_path_unknown{path=\"/f\",reason=\"no answer in time\"} 1"));
      CHECK(text.find("vitald_path_exists{") == text.npos);
    }
    CHECK(running.remarks.told == std::vector<std::string>{"/f: no answer in time"});
    running.probe.silent = false;
    CHECK(has("\n" + running.text(), "vitald_path_exists{path=\"/f\"} 1"));
    CHECK(running.remarks.told.back() == "/f works again");
  }

  TEST_CASE("one path given twice is one row; without any there is nothing") {
    test::Tree tree;
    tree.file("f", "x");
    test::Running running(tree, "paths", {{"paths", "/f"}, {"paths", "/f"}});
    const auto text = running.text();
    CHECK(text.find("vitald_path_exists{path=\"/f\"}") == text.rfind("vitald_path_exists{path=\"/f\"}"));
    test::Running none(tree, "paths", {{"paths", ""}});
    CHECK(none.text() == "");
  }

  TEST_CASE("of the system itself: through links, and mounts are known") {
    const PathFacts empty;
    PathFacts facts;
    CHECK(ask_path("/proc", Links::refuse, facts) == 0);
    CHECK((!facts.tells_mounts || facts.is_mount));
    CHECK(ask_path("/proc/self", Links::refuse, facts) == ELOOP);
    CHECK(ask_path("/proc/self", Links::follow, facts) == 0);
    CHECK(ask_path("/proc/nothing", Links::follow, facts) == ENOENT);
    CHECK(empty.size == 0);
  }
}

}  // namespace paths_test
