#include "config/file/keys.hpp"

#include "tests/config/support.hpp"

#include <doctest/doctest.h>

namespace keys_test {

using namespace vitald;
using test::Texts;

namespace {

// "collector.disk.workers@3=8" of each setting, then the errors.
Texts told(std::string_view yaml) {
  Texts all;
  const auto settings = config::settings_of(yaml, "/v.yaml", test::vocabulary().options());
  for (const auto& given : settings.given) {
    CHECK(given.place.file == "/v.yaml");
    auto text = std::string(given.option->flag).append("@").append(std::to_string(given.place.line)).append("=");
    for (const auto& value : given.values) text.append(&value == &given.values.front() ? "" : "|").append(value);
    all.push_back(std::move(text));
  }
  all.insert(all.end(), settings.errors.begin(), settings.errors.end());
  return all;
}

}  // namespace

TEST_SUITE("config/file/keys") {
  TEST_CASE("a key is a flag's name, whole or by maps") {
    const Texts wanted{"web.freshness@1=1s"};
    CHECK(told("web.freshness: 1s") == wanted);
    CHECK(told("web: {freshness: 1s}") == wanted);
    CHECK(told("collector.disk: {workers: 8}") == Texts{"collector.disk.workers@1=8"});
    CHECK(told("collector:\n  disk.workers: 8\n  disk:\n    exclude: ^x\n    folder: [a, b]\n") ==
          Texts{"collector.disk.workers@2=8", "collector.disk.exclude@4=^x", "collector.disk.folder@5=a|b"});
  }

  TEST_CASE("a switch is true or false, or enabled among its options") {
    CHECK(told("collector: {disk: false, rare: true}") == Texts{"collector.disk@1=false", "collector.rare@1=true"});
    CHECK(told("collector:\n  disk:\n    enabled: FALSE\n    workers: 2\n") ==
          Texts{"collector.disk@3=false", "collector.disk.workers@4=2"});
    CHECK(told("collector.rare.enabled: True") == Texts{"collector.rare@1=true"});
    for (const char* value : {"yes", "on", "1", "''", "tRUE"})
      CHECK_MESSAGE(told("collector.disk: " + std::string(value)).back().ends_with(": it must be true or false"),
                    value);
    CHECK(told("path.procfs.enabled: true") == Texts{"/v.yaml:1: unknown key path.procfs.enabled"});
  }

  TEST_CASE("a list is for what may be repeated; one value is a list of one") {
    CHECK(told("web.listen-address: ':1'") == Texts{"web.listen-address@1=:1"});
    CHECK(told("web.listen-address: [':1', ':2']") == Texts{"web.listen-address@1=:1|:2"});
    CHECK(told("collector.disk.folder: []") == Texts{"collector.disk.folder@1="});
    CHECK(told("path.procfs: [/proc]") ==
          Texts{"/v.yaml:1: path.procfs takes one value, no list; a value that begins with [ or { stands in quotes"});
    CHECK(told("collector.disk.exclude: [a-z]").back().find("stands in quotes") != std::string::npos);
  }

  TEST_CASE("a section whose settings are all commented out says nothing; a setting without a value is told") {
    CHECK(told("web:\n#  freshness: 1s\nlog: {}\n") == Texts{});
    CHECK(told("path.procfs:\n") == Texts{"/v.yaml:1: path.procfs has no value; an empty one is \"\""});
    CHECK(told("collector.disk:\n") == Texts{"/v.yaml:1: collector.disk has no value; an empty one is \"\""});
    CHECK(told("collector.disk.exclude: ''\n") == Texts{"collector.disk.exclude@1="});
  }

  TEST_CASE("an unknown key names the nearest known one; an unknown section is told once") {
    CHECK(told("web.fresness: 1s") == Texts{"/v.yaml:1: unknown key web.fresness, did you mean web.freshness?"});
    CHECK(told("web:\n  fresness: 1s") == Texts{"/v.yaml:2: unknown key web.fresness, did you mean web.freshness?"});
    CHECK(told("colector:\n  disk: true\n  rare: true\n") ==
          Texts{"/v.yaml:1: unknown key colector, did you mean collector?"});
    CHECK(told("collector:\n  disc:\n    workers: 1\n    folder: x\n") ==
          Texts{"/v.yaml:2: unknown key collector.disc, did you mean collector.disk?"});
    CHECK(told("collector.disk.enabeld: true") ==
          Texts{"/v.yaml:1: unknown key collector.disk.enabeld, did you mean collector.disk.enabled?"});
    CHECK(told("quite_another: thing") == Texts{"/v.yaml:1: unknown key quite_another"});
    CHECK(told("web:\n  freshness:\n    x: 1\n") ==
          Texts{"/v.yaml:2: web.freshness is a setting, and has none below it"});
    CHECK(told("colector:\n") == Texts{"/v.yaml:1: unknown key colector, did you mean collector?"});
    CHECK(told("--web.freshness: 1s").back() == "/v.yaml:1: unknown key --web.freshness, did you mean web.freshness?");
  }

  TEST_CASE("the same setting twice is told, however it is spelt") {
    CHECK(told("web.freshness: 1s\nweb: {freshness: 2s}\n") ==
          Texts{"web.freshness@1=1s", "/v.yaml:2: web.freshness stands in line 1 already"});
    CHECK(told("collector.disk: true\ncollector: {disk: {enabled: true}}\n").back() ==
          "/v.yaml:2: collector.disk stands in line 1 already");
  }

  TEST_CASE("what asks for something at this start only is a flag") {
    for (const char* key :
         {"help: true", "version: true", "config.file: /x", "check-config: true", "print-config: true"})
      CHECK_MESSAGE(told(key).back().ends_with(" is a flag, it cannot stand in a file"), key);
  }

  TEST_CASE("a file that is none of ours is not told line by line to its end") {
    std::string other;
    for (int i = 0; i < 1000; ++i) other += "key_" + std::to_string(i) + ": 1\n";
    const auto all = told(other);
    CHECK(all.size() == 51);
    CHECK(all.back() == "/v.yaml: there may be more faults");
  }

  TEST_CASE("all faults of a file are told at once") {
    CHECK(told("web.fresness: 1s\nlog.level:\n- debug\npath.procfs:\ncollector.disk: maybe\na: 1\na: 2\n").size() == 6);
  }
}

}  // namespace keys_test
