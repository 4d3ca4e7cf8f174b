// The whole catalogue by its own descriptions: one family one place, every family and flag of the peer there.
#include "collectors/base/scan.hpp"
#include "daemon/self_process.hpp"
#include "http/api.hpp"
#include "tests/support/coverage.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace catalog_test {

using namespace vitald;

namespace {

struct Known {
  std::string_view collector;
  const Layout* layout;
};

std::vector<Known> layouts() {
  std::vector<Known> all;
  for (const auto* entry : catalog())
    for (const auto* layout : entry->layouts) all.push_back({entry->name, layout});
  for (const auto* layout : http::frame_layouts()) all.push_back({"the frame", layout});
  all.push_back({"the daemon itself", &self_process_layout()});
  return all;
}

std::string full_name(const Layout& layout, const Column& column) {
  return std::string(layout.name_space).append(column.family);
}

std::span<const Key> keys_of(const Layout& layout, const Column& column) {
  return column.own_keys ? column.keys : layout.keys;
}

std::string labels_of(const Layout& layout, const Column& column) {
  std::set<std::string_view> names;
  for (const auto& key : keys_of(layout, column)) names.insert(key.name);
  if (!column.fixed.name.empty()) names.insert(column.fixed.name);
  std::string text;
  for (const auto name : names) text.append(text.empty() ? "" : ",").append(name);
  return text;
}

bool is_name(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", digits = "0123456789";
  return !name.empty() && letters.find(name.front()) != letters.npos &&
         name.find_first_not_of(std::string(letters).append(digits)) == name.npos;
}

std::string_view name_of(Type type) {
  return type == Type::counter ? "counter" : type == Type::gauge ? "gauge" : "untyped";
}

std::string_view name_of(Option::Kind kind) {
  constexpr std::string_view names[] = {"boolean", "text", "integer", "duration", "regexp"};
  return names[static_cast<std::size_t>(kind)];
}

// The kernel chooses how these names end.
bool shows(const Known& known, const Column& column, std::string_view family) {
  const auto name = full_name(*known.layout, column);
  return known.layout->named ? family.starts_with(name) : family == name;
}

// The counters of netclass are netdev's families, and shown only where that is off.
bool shown_instead(const Known& known) { return known.layout->name == "interface_counters"; }

}  // namespace

TEST_SUITE("catalog") {
  TEST_CASE("a family stands in one layout only, or in those that are shown in each other's place") {
    const auto all = layouts();
    REQUIRE(all.size() > 20);
    for (const auto& a : all)
      for (const auto& b : all) {
        if (a.layout == b.layout) continue;
        if (shown_instead(a) || shown_instead(b)) continue;
        // netdev's two sets of names; meminfo's gauges and counters, whose rows are parted by name; bcachefs' counters,
        // which take no name that another of its tables has; hwmon's, parted by sensor
        const bool parted = a.collector == "meminfo" || a.collector == "bcachefs" || a.collector == "hwmon";
        if (a.collector == b.collector && (a.layout->name == b.layout->name || parted)) continue;
        for (const auto& one : a.layout->columns)
          for (const auto& other : b.layout->columns)
            CHECK_MESSAGE(!shows(a, one, full_name(*b.layout, other)), full_name(*b.layout, other));
      }
  }

  TEST_CASE("the columns of a family stand together, alike but for their fixed label") {
    for (const auto& [collector, layout] : layouts()) {
      std::set<std::string_view> before;
      const Column* last = nullptr;
      for (const auto& column : layout->columns) {
        INFO(std::string(column.family));
        if (last && last->family == column.family) {
          CHECK((last->type == column.type && last->help == column.help && last->fixed.name == column.fixed.name &&
                 last->fixed.value != column.fixed.value));
        } else {
          CHECK(before.insert(column.family).second);
        }
        last = &column;
      }
    }
  }

  TEST_CASE("names are Prometheus's, labels in alphabetical order and each once") {
    for (const auto& [collector, layout] : layouts()) {
      CHECK(is_name(layout->name));
      CHECK_FALSE(layout->source.empty());
      for (const auto& column : layout->columns) {
        const auto keys = keys_of(*layout, column);
        INFO(full_name(*layout, column));
        CHECK(is_name(full_name(*layout, column)));
        CHECK(column.help.ends_with('.'));
        CHECK(std::ranges::all_of(keys, is_name, &Key::name));
        CHECK(std::ranges::adjacent_find(keys, std::ranges::greater_equal{}, &Key::name) == keys.end());
        CHECK(std::ranges::find(keys, column.fixed.name, &Key::name) == keys.end());
      }
    }
  }

  TEST_CASE("every collector says what it is for, in a sentence") {
    std::set<std::string_view> names;
    for (const auto* entry : catalog()) {
      CHECK(names.insert(entry->name).second);
      CHECK(is_name(entry->name));
      CHECK_MESSAGE((entry->about.size() > 5 && entry->about.ends_with('.')), entry->name);
      CHECK_MESSAGE((entry->needs.empty() || entry->needs.ends_with('.')), entry->name);
      CHECK((entry->make != nullptr));
      CHECK_FALSE(entry->layouts.empty());
    }
    CHECK(names.size() >= 14);
  }

  TEST_CASE("every family of the peer is there, with its type and its labels") {
    const auto all = layouts();
    const auto wanted = test::catalog_table("families.tsv");
    REQUIRE(wanted.size() > 150);
    for (const auto& row : wanted) {
      const auto &collector = row[0], &family = row[1];
      bool found = false;
      for (const auto& known : all)
        for (const auto& column : known.layout->columns)
          found = found || (known.collector == collector && shows(known, column, family) &&
                            name_of(column.type) == row[2] && labels_of(*known.layout, column) == row[3]);
      CHECK_MESSAGE(found, collector << ": " << family << " " << row[2] << " {" << row[3] << "}");
    }
  }

  TEST_CASE("some machine of tests/hosts shows each of these families, unless it comes from no file") {
    for (const auto& [collector, family, hosts, asked] : test::coverage())
      CHECK_MESSAGE((!hosts.empty() || !asked.empty()), collector << ": no host shows " << family);
  }

  TEST_CASE("the kernel's names that the peer knows are not left out") {
    std::string meminfo, vmstat;
    for (const auto& row : test::catalog_table("families.tsv")) {
      auto name = row[1];
      if (row[0] == "vmstat") vmstat.append(name.substr(12)).append(" 1\n");
      if (row[0] != "meminfo") continue;
      name.erase(0, 12);
      const bool bytes = name.ends_with("_bytes");
      meminfo.append(bytes ? name.substr(0, name.size() - 6) : name).append(bytes ? ": 1 kB\n" : ": 1\n");
    }
    test::Tree tree;
    tree.file("proc/meminfo", meminfo);
    tree.file("proc/vmstat", vmstat);
    const auto shown = test::Running(tree, "meminfo").text() + test::Running(tree, "vmstat").text();
    for (const auto& row : test::catalog_table("families.tsv"))
      if (row[0] == "meminfo" || row[0] == "vmstat")
        CHECK_MESSAGE(shown.find("\n" + row[1] + " 1") != std::string::npos, row[1]);
  }

  TEST_CASE("every flag of the peer is there, with its default, and no other but ours") {
    std::set<std::string, std::less<>> known = {"collector.meminfo.all"};  // ours
    for (const auto& row : test::catalog_table("flags.tsv")) {
      known.insert(row[1]);
      const auto options = test::entry(row[0]).options;
      const auto found = std::ranges::find(options, row[1], &Option::flag);
      REQUIRE_MESSAGE(found != options.end(), row[1]);
      INFO(row[1]);
      CHECK(name_of(found->kind) == row[2]);
      CHECK(found->hidden == (row[3] == "hidden"));
      CHECK(found->was_for.empty() == (row[4] == "current"));
      CHECK(found->initial == row[5]);
    }
    for (const auto* entry : catalog())
      for (const auto& option : entry->options) {
        CHECK_MESSAGE((known.contains(option.flag) || option.flag.starts_with("process.") || option.flag == "paths"),
                      option.flag);
        CHECK_MESSAGE((option.help.size() > 5), option.flag);
      }
  }
}

}  // namespace catalog_test
