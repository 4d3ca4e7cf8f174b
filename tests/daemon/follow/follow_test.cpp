#include "daemon/follow/arguments.hpp"
#include "daemon/follow/events.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <ctime>

namespace follow_test {

using namespace vitald;

namespace {

follow::Arguments read(std::vector<std::string> words, const std::string& socket = "") {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  return follow::read_arguments(pointers, socket);
}

// "id/name/data" of each, the bytes given in pieces of that size.
std::string fed(std::string_view bytes, std::size_t piece) {
  std::string all;
  follow::Feed feed([&](const follow::Told& told) { all += told.id + "/" + told.name + "/" + told.data + ";"; });
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) feed.take(bytes.substr(0, piece));
  return all;
}

}  // namespace

TEST_SUITE("daemon/follow") {
  TEST_CASE("what is asked for") {
    const auto usual = read({"logs"}, "/run/v.sock");
    CHECK(usual.fault == "");
    CHECK((usual.what == "logs" && usual.url.socket == "/run/v.sock" && !usual.json && usual.since.empty()));
    const auto all = read({"--json", "--since", "b.1-logs-7", "/var/log files", "--url=http://u:p@h:1"});
    CHECK(all.fault == "");
    CHECK((all.json && all.since == "b.1-logs-7" && all.what == "/var/log files" && all.url.credentials == "u:p"));
    CHECK(read({"-h"}).help);
    CHECK(read({"logs"}).url.port == "9100");
  }

  TEST_CASE("what is asked wrongly") {
    CHECK(read({}).fault == "a name or a path is wanted");
    CHECK(read({"a", "b"}).fault == "one name or path is wanted");
    CHECK(read({"a b"}).fault == "a b is neither a watch's name nor a whole path");
    CHECK(read({"--jsn", "a"}).fault == "unknown flag --jsn");
    CHECK(read({"a", "--since"}).fault == "--since wants a value");
    CHECK(read({"a", "--url=https://x"}).fault != "");
  }

  TEST_CASE("events come out whole, however the bytes come in") {
    const std::string_view bytes =
        "retry: 2000\n\n: still here\n\nid: x-1\nevent: created\ndata: {\"a\":1}\n\nid: x-2\nevent: reset\ndata: "
        "{}\n\nid: x";
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
      CHECK(fed(bytes, piece) == "x-1/created/{\"a\":1};x-2/reset/{};");
  }

  TEST_CASE("what people see has no control characters") {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    const auto line = [](const char* name, const char* data) { return follow::line_of({"i", name, data}); };
    CHECK(line("created", R"({"time_seconds":3661.5,"path":"a\nb\u001b[0m","is_dir":false})") ==
          "01:01:01.500 created a?b?[0m");
    CHECK(line("moved", R"({"time_seconds":0.007,"path":"a","dest_path":"b","is_dir":true})") ==
          "00:00:00.007 moved a/ -> b/");
    CHECK(line("root_gone", R"({"time_seconds":1,"reason":"unmounted","count":1})") ==
          "00:00:01.000 root_gone (unmounted)");
    CHECK(line("reset", R"({"reason":"expired","start":7})") == "reset: expired; events before this are not known");
    CHECK(line("odd\x1b", "no JSON") == "odd? no JSON");
    CHECK(line("odd", R"({"path":7,"time_seconds":"x"})") == "00:00:00.000 odd ");
  }

  TEST_CASE("JSON has the type, also of a reset") {
    using nlohmann::json;
    CHECK(follow::json_of({"i", "created", "{\"a\":1}"}) == "{\"a\":1}");
    CHECK(json::parse(follow::json_of({"i-7", "reset", R"({"reason":"expired","start":7})"})) ==
          json{{"id", "i-7"}, {"type", "reset"}, {"reason", "expired"}, {"start", 7}});
  }

  TEST_CASE("a watch is found by its path") {
    const auto* const list = R"({"data":[{"name":"a","path":"/x"},{"name":"b","path":"/y"},7]})";
    CHECK(follow::watch_of(list, "/y") == "b");
    CHECK(follow::watch_of(list, "/z") == "");
    CHECK(follow::watch_of("nonsense", "/z") == "");
    CHECK(follow::wish_for("a", "/x \"y\"") == R"({"name":"a","path":"/x \"y\""})");
  }
}

}  // namespace follow_test
