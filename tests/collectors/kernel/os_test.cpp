#include "collectors/kernel/os.hpp"

#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace os_test {

using namespace vitald;

namespace {

constexpr std::string_view ubuntu =
    "# which system\nPRETTY_NAME=\"Ubuntu 22.04.1 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"22.04\"\n"
    "VERSION='22.04.1 LTS [Jammy Jellyfish]'\nVERSION_CODENAME=jammy\n\nID=ubuntu\nID_LIKE=debian\n"
    "HOME_URL=\"https://www.ubuntu.com/\"\nSUPPORT_END=2027-04-30\n";

kernel::Release parsed(std::string_view text) {
  kernel::Release release;
  const auto done = kernel::parse_os_release(text, release);
  REQUIRE_MESSAGE(done.has_value(), to_string(done.error()));
  return release;
}

std::string name_of_value(std::string_view value) {
  return std::string(parsed(std::string("NAME=").append(value).append("\n")).name.view());
}

}  // namespace

TEST_SUITE("kernel/os") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file("etc/os-release", ubuntu);
    test::Running os(tree, "os");
    CHECK(
        test::lines(os.text(), "node_") ==
        "node_os_info{build_id=\"\",id=\"ubuntu\",id_like=\"debian\",image_id=\"\",image_version=\"\",name=\"Ubuntu\","
        "pretty_name=\"Ubuntu 22.04.1 LTS\",variant=\"\",variant_id=\"\",version=\"22.04.1 LTS [Jammy Jellyfish]\","
        "version_codename=\"jammy\",version_id=\"22.04\"} 1\n"
        "node_os_support_end_timestamp_seconds 1809043200\n"
        "node_os_version{id=\"ubuntu\",id_like=\"debian\",name=\"Ubuntu\"} 22.04\n");
    CHECK(os.json() ==
          R"([{"build_id":"","id":"ubuntu","id_like":"debian","image_id":"","image_version":"","name":"Ubuntu",)"
          R"("pretty_name":"Ubuntu 22.04.1 LTS","variant":"","variant_id":"",)"
          R"("version":"22.04.1 LTS [Jammy Jellyfish]","version_codename":"jammy","version_id":"22.04",)"
          R"("support_end_timestamp_seconds":1809043200,"version_number":22.04}])");
  }

  TEST_CASE("the version is the leading number, if there is one above 0") {
    const auto number = [](const char* id) { return parsed(std::string("VERSION_ID=") + id + "\n").version_number; };
    CHECK(number("12") == 12);
    CHECK(number("12.3.4beta") == 12.3);
    CHECK(number("10.") == 10);
    CHECK(number("20260101") == 20260101);
    for (const char* none : {"", "0", "0.0", ".5", "v7", "rolling", "-1", "inf"})
      CHECK_MESSAGE(!number(none).has_value(), none);
  }

  TEST_CASE("quotes and comments are read as the peer reads them") {
    CHECK(name_of_value("'Single \"q\" $HOME \\n'") == "Single \"q\" $HOME \\n");
    CHECK(name_of_value("\"a \\n b \\t \\\\ \\\" c\"") == "a \n b \t \\ \" c");
    CHECK(name_of_value("foo bar # tail") == "foo bar");
    CHECK(name_of_value("foo#x") == "foo");
    CHECK(name_of_value("\"x\" # c") == "x");
    CHECK(name_of_value("\"a\"b") == "ab");
    CHECK(name_of_value("'a'\"b\"") == "ab");
    CHECK(name_of_value("un\\ quoted") == "un\\ quoted");
    CHECK(name_of_value("a;b$c`d") == "a;b$c`d");
    CHECK(name_of_value("  x\r") == "x");
    CHECK(name_of_value("") == "");
    CHECK(parsed("  NAME = x\nexport ID=\"a b\"\nNAME=two\n").name == "two");
    CHECK(parsed("export ID=\"a b\"\n").id == "a b");
  }

  TEST_CASE("dollars and backquotes are escaped as os-release(5) says, where the peer gives up") {
    CHECK(name_of_value("\"\\$5 \\`x\\`\"") == "$5 `x`");
  }

  TEST_CASE("odd text comes out as valid labels") {
    test::Tree tree;
    tree.file("etc/os-release", "NAME=\"h\xc3\xa9 \\\"q\\\" \xff\"\nID='a\\b'\n");
    const auto text = test::Running(tree, "os").text();
    CHECK(text.find("name=\"h\xc3\xa9 \\\"q\\\" \xef\xbf\xbd\"") != std::string::npos);
    CHECK(text.find("id=\"a\\\\b\"") != std::string::npos);
    CHECK(test::lines(text, "node_os_version").empty());
  }

  TEST_CASE("what is no setting is a fault that names its line") {
    for (const char* line : {"novalue", "NAME=\"open", "NAME='open", "NAME=\"multi\\", "9BAD=x", "BAD-KEY=x", "=x",
                             "NAME=\"\\x\"", "NAME=\x01", "\xff\xfe=1", "NAME=a\"b"}) {
      kernel::Release release;
      const auto done = kernel::parse_os_release("ID=x\n" + std::string(line) + "\n", release);
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 2, line);
    }
    kernel::Release release;
    CHECK(kernel::parse_os_release("", release).error().code == Parse::empty);
    CHECK(kernel::parse_os_release(std::string_view("ID=\0x\n", 6), release).has_error());
  }

  TEST_CASE("an end of support that is no date takes nothing else away") {
    test::Tree tree;
    test::Running os(tree, "os");
    for (const char* date : {"", "soon", "2027-02-30", "2027-4-3", "2027-13-01", "2027-04-30 12:00"}) {
      tree.file("etc/os-release", std::string("ID=x\nVERSION_ID=7\nSUPPORT_END=\"") + date + "\"\n");
      const auto text = os.text();
      CHECK_MESSAGE(test::lines(text, "node_os_support").empty(), date);
      CHECK(test::lines(text, "node_os_info").find("id=\"x\"") != std::string::npos);
      CHECK(test::lines(text, "node_os_version") == "node_os_version{id=\"x\",id_like=\"\",name=\"\"} 7\n");
    }
  }

  TEST_CASE("a text cut anywhere does not crash, and inside of quotes it is a fault") {
    for (std::size_t n = 0; n < ubuntu.size(); ++n) {
      kernel::Release release;
      const auto cut = ubuntu.substr(0, n);
      const bool whole = kernel::parse_os_release(cut, release).has_value();
      const auto quotes = std::count(cut.begin(), cut.end(), '"');
      if (quotes % 2 != 0) CHECK_MESSAGE(!whole, n);
      if (n > 0 && cut.back() == '\n') CHECK_MESSAGE(whole, n);
    }
  }

  TEST_CASE("the other place is asked when /etc has none, a relative link is followed, and without both it is absent") {
    test::Tree tree;
    test::Running os(tree, "os");
    CHECK(state_of(os.collect().error()) == State::absent);
    tree.file("usr/lib/os-release", "ID=other\n");
    CHECK(os.text().find("id=\"other\"") != std::string::npos);
    tree.dir("etc");
    tree.link("etc/os-release", "../usr/lib/os-release");
    CHECK(os.text().find("id=\"other\"") != std::string::npos);
    tree.file("etc/os-release", "ID=own\n");
    CHECK(os.text().find("id=\"own\"") != std::string::npos);
    tree.remove("etc/os-release");
    CHECK(os.text().find("id=\"other\"") != std::string::npos);
  }

  TEST_CASE("the file is read again only when it has become another one, and after a fault") {
    test::Tree tree;
    tree.file("etc/os-release", "ID=one\n");
    const auto path = tree.path("etc/os-release");
    struct stat before {};
    REQUIRE(::stat(path.c_str(), &before) == 0);
    test::Running os(tree, "os");
    CHECK(os.text().find("id=\"one\"") != std::string::npos);
    const auto overwrite = [&](std::string_view text, const timespec& modified) {
      const int fd = ::open(path.c_str(), O_WRONLY | O_TRUNC);
      REQUIRE(::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
      const timespec times[2] = {modified, modified};
      REQUIRE(::futimens(fd, times) == 0);
      ::close(fd);
    };
    overwrite("ID=two\n", before.st_mtim);  // same size and time: nothing tells
    CHECK(os.text().find("id=\"one\"") != std::string::npos);
    overwrite("ID=two\n", {before.st_mtim.tv_sec + 1, 0});
    CHECK(os.text().find("id=\"two\"") != std::string::npos);
    overwrite("ID=tw\"\n", {before.st_mtim.tv_sec + 2, 0});
    CHECK(os.collect().has_error());
    CHECK(os.collect().has_error());
    overwrite("ID=six\n", {before.st_mtim.tv_sec + 2, 0});
    CHECK(os.text().find("id=\"six\"") != std::string::npos);
  }

  TEST_CASE("a folder in its place is refused") {
    test::Tree tree;
    tree.dir("etc/os-release");
    CHECK(test::Running(tree, "os").collect().error().code == Parse::not_a_file);
  }

  TEST_CASE("below the root \"/\" this machine's own file is found") {
    if (::access("/etc/os-release", R_OK) != 0) return;
    const Roots roots;
    const Options options;
    Sources sources;
    test::FakeProbe probe;
    test::FakeRemarks remarks;
    const auto os = test::entry("os").make({roots, options, sources, probe, probe, probe, remarks});
    Page page;
    CHECK(os->collect(page).has_value());
  }
}

}  // namespace os_test
