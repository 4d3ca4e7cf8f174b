#include "tests/support/coverage.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/scan.hpp"
#include "http/encode/families.hpp"
#include "tests/support/places.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace vitald::test {
namespace {

// Family -> the machines whose pages show it.
std::map<std::string, std::set<std::string>> shown() {
  std::map<std::string, std::set<std::string>> all;
  for (const auto& each : std::filesystem::directory_iterator(hosts)) {
    if (each.path().extension() != ".metrics") continue;
    std::ifstream in(each.path(), std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      std::string_view rest = line;
      if (scan::take_word(rest) == "#" && scan::take_word(rest) == "TYPE")
        all[std::string(scan::take_word(rest))].insert(each.path().stem());
    }
  }
  return all;
}

// The source of a layout that has the family and reads no file for it.
std::string_view asked_for(std::string_view collector, std::string_view name) {
  for (const auto* entry : catalog())
    for (const auto* layout : entry->layouts)
      for (const auto& family : encode::families(*layout))
        if (entry->name == collector && family.name() == name && layout->source.find('/') == layout->source.npos)
          return layout->source;
  return {};
}

}  // namespace

std::vector<std::vector<std::string>> catalog_table(std::string_view file) {
  std::ifstream in((source_tree + "/tests/catalog/").append(file));
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    auto& row = rows.emplace_back();
    for (std::size_t from = 0; from <= line.size();) {
      const auto to = std::min(line.find('\t', from), line.size());
      row.push_back(line.substr(from, to - from));
      from = to + 1;
    }
  }
  return rows;
}

std::vector<Covered> coverage() {
  const auto pages = shown();
  std::vector<Covered> all;
  for (const auto& row : catalog_table("families.tsv")) {
    auto& covered = all.emplace_back(Covered{row[0], row[1], {}, asked_for(row[0], row[1])});
    if (const auto found = pages.find(row[1]); found != pages.end())
      covered.hosts.assign(found->second.begin(), found->second.end());
  }
  return all;
}

}  // namespace vitald::test
