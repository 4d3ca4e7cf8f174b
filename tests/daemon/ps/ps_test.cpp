#include "daemon/ps/arguments.hpp"
#include "daemon/ps/rows.hpp"

#include <doctest/doctest.h>

namespace ps_test {

using namespace vitald;
using namespace std::string_literals;

namespace {

ps::Arguments read(std::vector<std::string> words, const std::string& socket = "") {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  return ps::read_arguments(pointers, socket);
}

const std::string body =
    R"({"data":[{"pid":1,"user":"root","cpu_percent":null,"memory":{"rss_bytes":1572864},"name":"a\nb",)"
    R"("cmdline":["x","y \"z\""]},{"pid":22,"user":"me","cpu_percent":3.5,"memory":{"rss_bytes":512},"name":"ü",)"
    R"("withheld":["cmdline"]}],"meta":{}})";

}  // namespace

TEST_SUITE("daemon/ps") {
  TEST_CASE("what is asked for becomes a query") {
    const auto usual = read({});
    CHECK(usual.fault == "");
    CHECK((usual.url.host == "localhost" && usual.url.port == "9100" && usual.form == ps::Form::table));
    CHECK(usual.url.target.starts_with("/api/v1/processes?fields=pid,user,"));
    CHECK(usual.url.target.ends_with("&limit=20&sort=-cpu_percent&over=1s"));
    CHECK(read({}, "/run/v.sock").url.socket == "/run/v.sock");
    const auto all = read({"--sort", "-pid", "--limit=5", "-o", "csv", "-f", "pid,io", "--over=0", "name~=^a b",
                           "--url", "http://u:p@h:1"});
    CHECK(all.fault == "");
    CHECK(all.url.target == "/api/v1/processes?fields=pid,io&limit=5&name~=%5Ea%20b&sort=-pid");
    CHECK((all.url.host == "h" && all.url.credentials == "u:p" && all.form == ps::Form::csv && !all.usual_fields));
    CHECK(all.fields == std::vector<std::string>{"pid", "io"});
    CHECK(read({"--help"}).help);
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"--sort"}, {"-o", "xml"}, {"--what"}, {"what"}, {"=x"}, {"--url=ftp://x"}, {"-n"}})
      CHECK(read(words).fault != "");
  }

  TEST_CASE("a table: numbers to the right, units, nothing that would move a terminal's cursor") {
    const auto listing = ps::read_listing(body, {"pid", "user", "cpu_percent", "memory", "name", "cmdline"});
    CHECK(listing.fault == "");
    CHECK(listing.withheld);
    CHECK(ps::table_of(listing, 0, true) ==
          "PID  USER  CPU%   RSS  NAME  COMMAND\n"
          "  1  root     -  1.5M  a?b   x y \"z\"\n"
          " 22  me     3.5   512  ü     -\n");
    CHECK(ps::table_of(listing, 26, true) ==
          "PID  USER  CPU%   RSS  NAM\n"
          "  1  root     -  1.5M  a?b\n"
          " 22  me     3.5   512  ü\n");
    CHECK(ps::table_of(listing, 0, false).starts_with("pid  user  cpu_percent  memory.rss_bytes  name"));
  }

  TEST_CASE("CSV") {
    CHECK(ps::csv_of(ps::read_listing(body, {"pid", "name", "cmdline", "cpu_percent"})) ==
          "pid,name,cmdline,cpu_percent\r\n1,\"a\nb\",\"x y \"\"z\"\"\",\r\n22,ü,,3.5\r\n");
  }

  TEST_CASE("what is none is told") {
    for (const char* text : {"", "[]", "{}", "{\"data\":1}", "nonsense"}) CHECK(ps::read_listing(text, {}).fault != "");
    CHECK(ps::read_listing("{\"data\":[1,null,[]]}", {"pid", "io.x"}).rows.size() == 3);
    CHECK(ps::detail_of(R"({"detail":"no","parameter":"sort","allowed":["a","b"]})") == "sort: no: a, b");
    CHECK(ps::detail_of("<html>") == "");
  }
}

}  // namespace ps_test
