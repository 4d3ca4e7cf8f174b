#include "daemon/diff/url.hpp"

#include "daemon/diff/arguments.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace url_test {

using namespace vitald;

namespace {

diff::Url parsed(std::string_view text) {
  diff::Url url;
  CHECK_MESSAGE(diff::parse_url(text, url) == "", std::string(text));
  return url;
}

diff::Arguments read(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  return diff::read_arguments(pointers);
}

}  // namespace

TEST_SUITE("diff/url") {
  TEST_CASE("what is left out is what exporters usually have") {
    const auto bare = parsed("host");
    CHECK((bare.host == "host" && bare.port == "80" && bare.target == "/metrics" && bare.credentials.empty()));
    CHECK(parsed("localhost:9100").port == "9100");
    CHECK(parsed("http://h:9100/").target == "/metrics");
    CHECK(parsed("http://h/probe?x=1#part").target == "/probe?x=1");
    CHECK(parsed("h?collect[]=cpu").target == "/metrics?collect[]=cpu");
    CHECK(parsed("http://[::1]:9100/m").host == "::1");
    CHECK(parsed("http://[::1]").port == "80");
  }

  TEST_CASE("name and password are decoded, and never shown") {
    const auto url = parsed("http://me:p%40ss:word@host:1/m");
    CHECK(url.credentials == "me:p@ss:word");
    CHECK(url.shown == "http://host:1/m");
    CHECK(parsed("http://me@host").credentials == "me:");
  }

  TEST_CASE("what is no such URL is refused, https in words of its own") {
    CHECK((parsed("unix:/run/v.sock").socket == "/run/v.sock" && parsed("unix:/run/v.sock").host == "localhost"));
    diff::Url url;
    CHECK(diff::parse_url("https://host", url).starts_with("https is not in this build"));
    CHECK(parsed("HTTP://host:1").port == "1");
    CHECK(diff::parse_url("xttp://me:secret@host", url).find("secret") == std::string::npos);
    for (const char* wrong :
         {"", "http://", "ftp://host", "http://h:x", "http://h:", "http://h:123456", "http://h:65536", "http://[::1",
          "h h", "http://a%zz@h", "http://[::1]9100", "http://h\r\nX: y"})
      CHECK_MESSAGE(diff::parse_url(wrong, url) != "", wrong);
  }
}

TEST_SUITE("diff/arguments") {
  TEST_CASE("one URL is compared with the local daemon, several with the first") {
    const auto one = read({"http://other:9100"});
    REQUIRE(one.urls.size() == 2);
    CHECK(one.urls[0].shown == "http://localhost:9100/metrics");
    CHECK(one.urls[1].host == "other");
    CHECK(read({"a", "b", "c"}).urls.size() == 3);
    CHECK(read({"--json", "--strict", "a"}).json);
  }

  TEST_CASE("files follow their flag, and a URL ends them") {
    const auto all =
        read({"--rules", "a.yml", "b.yml", "--dashboards=c.json", "--rules", "d.yml", "http://x", "http://y"});
    CHECK(all.fault == "");
    CHECK(all.rules == std::vector<std::string>{"a.yml", "b.yml", "d.yml"});
    CHECK(all.dashboards == std::vector<std::string>{"c.json"});
    CHECK(all.urls.size() == 2);
    CHECK(read({"x", "--rules", "a.yml", "--json"}).rules.size() == 1);
  }

  TEST_CASE("wrong usage is told") {
    CHECK(read({}).fault == "no URL is given");
    CHECK(read({"--jsn", "x"}).fault == "unknown flag --jsn");
    CHECK(read({"https://x"}).fault.find("https") != std::string::npos);
    CHECK(diff::usage_text().find("--dashboards FILE") != std::string_view::npos);
  }
}

}  // namespace url_test
