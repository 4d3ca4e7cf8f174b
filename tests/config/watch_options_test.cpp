#include "config/watch_options.hpp"

#include "tests/config/support.hpp"

#include <doctest/doctest.h>

namespace watch_options_test {

using namespace vitald;
using test::Texts;

namespace {

std::string fault_of(const char* text) {
  config::WatchSettings ignored;
  return std::string(config::read_watch(text, ignored));
}

}  // namespace

TEST_SUITE("config/watch_options") {
  TEST_CASE("without any there are none") {
    const auto parsed = test::parsed({});
    REQUIRE(parsed.errors.empty());
    const auto all = config::watches_settings(parsed.options);
    CHECK(all.all.empty());
    CHECK(all.roots.empty());
    CHECK(all.max_entries == 1'000'000);
  }

  TEST_CASE("a watch is YAML, and so JSON") {
    config::WatchSettings one;
    CHECK(config::read_watch("{name: my-logs_1.x, path: /var/log}", one).empty());
    CHECK(one == config::WatchSettings{"my-logs_1.x", "/var/log", true, false, {}, {}, {}});
    one = {};
    CHECK(config::read_watch("{name: a, path: /b, sizes: true}", one).empty());
    CHECK(one.sizes);
    CHECK(!fault_of("{name: a, path: /b, sizes: perhaps}").empty());
    one = {};
    CHECK(config::read_watch(R"({"name":"a","path":"/","recursive":false,"include":["*.log"],"exclude":["it's","b c"],
                                 "events":["created","moved"]})",
                             one)
              .empty());
    CHECK(one == config::WatchSettings{"a", "/", false, false, {"*.log"}, {"it's", "b c"}, {"created", "moved"}});
  }

  TEST_CASE("what is wrong with it is told") {
    CHECK(fault_of("") == "it must be {name: NAME, path: /PATH, ...}");
    CHECK(fault_of("x") == "it must be {name: NAME, path: /PATH, ...}");
    CHECK(fault_of("{name: a, name: b, path: /}") == "it must be {name: NAME, path: /PATH, ...}");
    CHECK(fault_of("{name: a, path: /x, include: [[y]]}") == "it must be {name: NAME, path: /PATH, ...}");
    CHECK(fault_of("{path: /x}").starts_with("its name must be"));
    CHECK(fault_of("{name: 'a b', path: /x}").starts_with("its name must be"));
    for (const char* path : {"{name: a}", "{name: a, path: x}", "{name: a, path: /x/}", "{name: a, path: /x/../y}",
                             "{name: a, path: //x}", "{name: a, path: ''}"})
      CHECK_MESSAGE(fault_of(path) == "its path must be whole, without . and ..", path);
    CHECK(fault_of("{name: a, path: [/x]}") == "name, path, recursive and sizes have one value each");
    CHECK(fault_of("{name: a, path: /x, recursive: maybe}") == "recursive and sizes must be true or false");
    CHECK(fault_of("{name: a, path: /x, events: [opened]}").starts_with("its events are some of"));
    CHECK(fault_of("{name: a, path: /x, events: }") == "each of its keys has a value, or a list of them");
    CHECK(fault_of("{name: a, path: /x, deep: {b: c}}") == "each of its keys has a value, or a list of them");
  }

  TEST_CASE("flags and settings") {
    const auto parsed = test::parsed({"--watches={name: a, path: /x}", "--watches={name: b, path: /y}",
                                      "--watch.roots=/srv", "--watch.max-entries=10"});
    REQUIRE(parsed.errors.empty());
    const auto all = config::watches_settings(parsed.options);
    REQUIRE(all.all.size() == 2);
    CHECK(all.all[1].path == "/y");
    CHECK(all.roots == Texts{"/srv"});
    CHECK(all.max_entries == 10);
  }

  TEST_CASE("two of one name are refused, and wrong flags named") {
    CHECK(test::parsed({"--watches={name: a, path: /x}", "--watches={name: a, path: /y}"}).errors ==
          Texts{"watches: two are named a"});
    CHECK(test::parsed({"--watch.roots=srv"}).errors ==
          Texts{"--watch.roots=srv: it must be a whole path, without . and .."});
    CHECK(test::parsed({"--watch.max-entries=0"}).errors.size() == 1);
  }
}

}  // namespace watch_options_test
