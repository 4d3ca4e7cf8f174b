// Every flag of the peer, by name, kind, default and how often it may be given.
#include "daemon/switches.hpp"
#include "tests/support/coverage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace flags_test {

using namespace vitald;

namespace {

std::string_view kind_of(const Option& option) {
  constexpr std::string_view names[] = {"boolean", "string", "integer", "duration", "string"};
  return names[static_cast<std::size_t>(option.kind)];
}

// Another default on purpose: docs/differences.md says why.
std::string_view other_default(std::string_view flag) {
  return flag == "collector.filesystem.mount-timeout" ? "500ms" : std::string_view{};
}

}  // namespace

TEST_SUITE("flags") {
  TEST_CASE("every flag of the peer has its name, kind, repetition and default here") {
    const auto collectors = switches();
    const config::Vocabulary vocabulary(collectors);
    const auto rows = test::catalog_table("all_flags.tsv");
    CHECK(rows.size() == 183);
    for (const auto& row : rows) {
      INFO(row[0]);
      const auto found = std::ranges::find(vocabulary.options(), row[0], &Option::flag);
      REQUIRE(found != vocabulary.options().end());
      CHECK(kind_of(*found) == row[1]);
      CHECK(found->repeatable == (row[2] == "repeatable"));
      const auto other = other_default(row[0]);
      CHECK(found->initial == (other.empty() ? std::string_view(row[4]) : other));
      const bool is_new = found->support == Option::Support::missing;  // hidden until it is here
      const bool refused = row[0] == "web.config.file" && found->hidden;
      CHECK((is_new || refused || found->hidden == (row[3] == "hidden")));
    }
  }

  TEST_CASE("what to keep and what to leave out exclude each other, but where the peer allows both") {
    const auto collectors = switches();
    const config::Vocabulary vocabulary(collectors);
    std::size_t pairs = 0;
    for (const auto& option : vocabulary.options()) {
      if (!option.flag.ends_with("-include") || option.support == Option::Support::missing) continue;
      const auto other = std::string(option.flag.substr(0, option.flag.size() - 7)) + "exclude";
      const auto found = std::ranges::find(vocabulary.options(), other, &Option::flag);
      const bool allowed =
          option.flag.starts_with("collector.systemd.") || option.flag.starts_with("collector.slabinfo.");
      if (found == vocabulary.options().end() || allowed) continue;
      CHECK_MESSAGE((option.excludes == found->flag || found->excludes == option.flag), option.flag);
      ++pairs;
    }
    CHECK(pairs >= 6);
  }

  TEST_CASE("an old name of the peer's leads to a flag that is there, and of the same kind") {
    const auto collectors = switches();
    const config::Vocabulary vocabulary(collectors);
    for (const auto& option : vocabulary.options()) {
      if (option.was_for.empty()) continue;
      const auto target = std::ranges::find(vocabulary.options(), option.was_for, &Option::flag);
      REQUIRE(target != vocabulary.options().end());
      CHECK(target->kind == option.kind);
      CHECK(option.hidden);
    }
  }
}

}  // namespace flags_test
