#include "config/file/leaves.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace leaves_test {

using namespace vitald::config;
using Texts = std::vector<std::string>;

namespace {

// "web.freshness@2=[100ms]", the line that of the last key.
Texts told(std::string_view yaml) {
  Texts all;
  const auto leaves = read_leaves(yaml);
  for (const auto& leaf : leaves.all) {
    std::string text;
    for (const auto& key : leaf.path) text.append(text.empty() ? "" : ".").append(key.text);
    text.append("@").append(std::to_string(leaf.path.back().line));
    if (leaf.kind == Leaf::Kind::scalar) text.append("=").append(leaf.values.at(0));
    if (leaf.kind == Leaf::Kind::list)
      for (const auto& value : leaf.values) text.append("|").append(value);
    all.push_back(std::move(text));
  }
  for (const auto& fault : leaves.faults) all.push_back(std::to_string(fault.line) + ": " + fault.text);
  return all;
}

}  // namespace

TEST_SUITE("config/file/leaves") {
  TEST_CASE("maps lead to scalars and lists, each with its line") {
    CHECK(told("web:\n  freshness: 100ms\n  listen-address:\n  - ':1'\n  - ''\nlog.level: debug\n") ==
          Texts{"web.freshness@2=100ms", "web.listen-address@3|:1|", "log.level@6=debug"});
    CHECK(told("{a: {b: [1, 2], c: x}, d: []}") == Texts{"a.b@1|1|2", "a.c@1=x", "d@1"});
    CHECK(told("a: 'it''s'\nb: \"x # y\"\nc: x # a remark\n") == Texts{"a@1=it's", "b@2=x # y", "c@3=x"});
    CHECK(told("a: ^/(dev|proc)($|/)\nb: ^(z?ram|nvme\\d+n\\d+p)\\d+$\n") ==
          Texts{"a@1=^/(dev|proc)($|/)", "b@2=^(z?ram|nvme\\d+n\\d+p)\\d+$"});
  }

  TEST_CASE("nothing is no fault") {
    for (const char* empty : {"", "\n\n", "# a remark\n", "---\n", "---\n...\n", "~", "null", "{}", "\xEF\xBB\xBF"})
      CHECK_MESSAGE(told(empty) == Texts{}, empty);
    CHECK(told("web:\nlog: {}\nx: ~\n") == Texts{"web@1", "log@2", "x@3"});
  }

  TEST_CASE("a key that stands twice is told with the line of the first, and its value is passed by") {
    CHECK(told("a: 1\nb: 2\na: {c: [3]}\nd: 4\n") ==
          Texts{"a@1=1", "b@2=2", "d@4=4", "3: the key a stands in line 1 already"});
    CHECK(told("a:\n  b: 1\n  b: 2\n") == Texts{"a.b@2=1", "3: the key b stands in line 2 already"});
    CHECK(told("a: {x: 1}\na: {y: 2}\n") == Texts{"a.x@1=1", "2: the key a stands in line 1 already"});
  }

  TEST_CASE("watches have settings of their own, each written as one text") {
    CHECK(told("watches:\n- name: a\n  path: /x y\n  exclude: [\"*'\", tmp]\n- {name: b}\n- {}\nc: 1\n") ==
          Texts{"watches@1|{name: a, path: '/x y', exclude: ['*''', tmp]}|{name: b}|{}", "c@7=1"});
    const auto broken = told("watches: [{a: [[1], 2], b: {c: d}, e: f}]\n");
    CHECK(std::ranges::count(broken, "1: a list has no lists in it") == 1);
    CHECK(std::ranges::count(broken, "1: a list has no settings in it") == 1);
    CHECK(told("web: {watches: [{a: b}]}") == Texts{"web.watches@1", "1: a list has no settings in it"});
    CHECK(told("watches: [{a: ~, ? [b] : c, d: &e f, g: *e}]").size() > 1);
  }

  TEST_CASE("what is no map of settings is told, all of it, and the rest is read") {
    CHECK(told("- a\n- b\n") == Texts{"1: settings are wanted, no list: KEY: VALUE"});
    CHECK(told("word") == Texts{"1: settings are wanted: KEY: VALUE"});
    CHECK(told("a: [[1, [2]], 3]\nb: [{c: 1}, 2]\nd: [~]\ne: 5") ==
          Texts{"a@1|3", "b@2|2", "d@3", "e@4=5", "1: a list has no lists in it", "2: a list has no settings in it",
                "3: an item of the list is empty: write \"\" for an empty one"});
    CHECK(told("? [a, {b: c}]\n: 1\n? {d: e}\n: {f: [g]}\n~: 2\n'': 3\nh: 4\n") ==
          Texts{"h@7=4", "1: a key is no list", "3: a key is no map", "5: a key is missing", "6: a key is empty"});
    CHECK(told("a: 1\n---\nb: 2\n") ==
          Texts{"a@1=1", "1: there is a second document, begun by ---; one is all that is read"});
    CHECK(told("a: 1\n---\n").size() == 2);
  }

  TEST_CASE("anchors, aliases, tags of others and control characters are refused") {
    CHECK(told("a: &x 1\nb: *x\nc: 2\n") == Texts{"a@1=1", "c@3=2",
                                                  "1: the anchor &x: there are no anchors and aliases here",
                                                  "2: there are no anchors and aliases here"});
    CHECK(told("a: !secret 1\n") == Texts{"a@1=1", "1: the tag !secret is not known"});
    CHECK(told("a: !!str 1\n") == Texts{"a@1=1"});
    CHECK(told("a: \"x\\ny\"\n").back() == "1: a line break or another control character is in the text");
    CHECK(told("a: |\n  x\n").size() == 2);
    CHECK(told(std::string_view("a: 1\0", 5)) == Texts{"1: a byte 0 is in the text: this is no YAML"});
  }

  TEST_CASE("what is no YAML is told with its line; nothing runs away") {
    CHECK(told("a: 1\nb: [2\n").back().starts_with("3: "));
    CHECK(told("a: 1\n b: 2\n").back().starts_with("2: "));
    CHECK(!told("a:\tb\n\t- c: [").empty());
    CHECK(!read_leaves("\"\\xZZ\"").faults.empty());
    CHECK(!read_leaves(std::string(100'000, '[')).faults.empty());
    CHECK(!read_leaves(std::string(100'000, '{')).faults.empty());
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "a: 1\n";
    CHECK(read_leaves(many).faults.size() == 50);
  }
}

}  // namespace leaves_test
