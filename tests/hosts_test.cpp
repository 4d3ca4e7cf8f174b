// Whole machines: tests/hosts/NAME.tree, collected as in the daemon, shows tests/hosts/NAME.metrics.
// After a wanted change: VITALD_WRITE_HOSTS=1 build/release/unit -ts=hosts writes the pages anew; read their diff.
#include "collectors/base/scan.hpp"
#include "tests/support/places.hpp"
#include "tests/support/whole_host.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace hosts_test {

using namespace vitald;

namespace {

std::string file_of(const std::string& host) { return test::hosts + "/" + host + ".metrics"; }

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool wanted_anew() {
  const char* const told = std::getenv("VITALD_WRITE_HOSTS");
  return told && std::string_view(told) == "1";
}

std::multiset<std::string_view> lines_of(std::string_view text) {
  std::multiset<std::string_view> all;
  while (!text.empty()) all.insert(scan::take_line(text));
  return all;
}

bool is_failure(std::string_view line) { return line.starts_with("# ") && line.find(" failed: ") != line.npos; }

std::string without_failures(std::string_view text) {
  std::string kept;
  while (!text.empty())
    if (const auto line = scan::take_line(text); !is_failure(line)) kept.append(line).push_back('\n');
  return kept;
}

// Without heads; and without bounds, which OpenMetrics spells in its own way.
std::string samples(std::string_view text) {
  std::string kept;
  while (!text.empty())
    if (const auto line = scan::take_line(text); !line.starts_with('#') && line.find("le=\"") == line.npos)
      kept.append(line).push_back('\n');
  return kept;
}

// The lines of one text that the other has not, in their order; "order" when only that differs.
std::string difference(std::string_view expected, std::string_view shown) {
  std::string told;
  const auto only_in = [&](std::string_view text, std::string_view other, std::string_view mark) {
    auto there = lines_of(other);
    while (!text.empty()) {
      const auto line = scan::take_line(text);
      if (const auto found = there.find(line); found != there.end())
        there.erase(found);
      else
        told.append(mark).append(line).push_back('\n');
    }
  };
  only_in(expected, shown, "- ");
  only_in(shown, expected, "+ ");
  return told.empty() && expected != shown ? "the same lines in another order" : told;
}

}  // namespace

TEST_SUITE("hosts") {
  TEST_CASE("each machine shows the page that lies beside it, at the first reading and at the next") {
    REQUIRE(test::all_hosts().size() >= 4);
    for (const auto& name : test::all_hosts()) {
      CAPTURE(name);
      const auto machine = test::machine(name);
      const test::Tree tree(name);
      test::FakeProbe probe;
      test::answer(probe, machine, tree.roots());
      test::WholeHost host(tree.roots(), machine.flags, probe);
      host.collect();
      const auto shown = host.text();
      CHECK_MESSAGE(test::fault_of_exposition(shown) == "", name);
      const auto strict = host.text(encode::Format::open_metrics);
      CHECK_MESSAGE(test::fault_of_open_metrics(without_failures(strict) + "# EOF\n") == "", name);
      CHECK_MESSAGE(difference(samples(shown), samples(strict)).empty(), name << ": the formats' samples differ");
      if (wanted_anew()) std::ofstream(file_of(name), std::ios::binary) << shown;
      const auto differs = difference(text_of(file_of(name)), shown);
      CHECK_MESSAGE(differs.empty(), name << ": - expected, + shown\n" << differs);
      host.collect();
      CHECK_MESSAGE(difference(shown, host.text()).empty(), name << ", read again");
    }
  }

  TEST_CASE("a difference is told by its lines, and one of order too") {
    CHECK(difference("a 1\nb 2\n", "a 1\nb 2\n").empty());
    CHECK(difference("a 1\nb 2\n", "a 1\nb 3\nb 3\n") == "- b 2\n+ b 3\n+ b 3\n");
    CHECK(difference("a\nb\n", "b\na\n") == "the same lines in another order");
  }
}

}  // namespace hosts_test
