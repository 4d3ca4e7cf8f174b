// The documents say what the code does: generated parts, links, flags and names of metrics.
#include "tests/support/docs.hpp"

#include "collectors/base/collector.hpp"
#include "daemon/own_metrics.hpp"
#include "daemon/self_process.hpp"
#include "daemon/switches.hpp"
#include "tests/support/generated_files.hpp"
#include "tests/support/places.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace docs_test {

using namespace vitald;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> documents() {
  std::vector<std::string> files{"README.md", "CONTRIBUTING.md", "CHANGELOG.md"};
  for (const auto& each : fs::directory_iterator(test::source_tree + "/docs"))
    if (each.path().extension() == ".md") files.push_back("docs/" + each.path().filename().string());
  return files;
}

// The words that begin with `start` and go on with letters, digits and `more`.
std::set<std::string> words(std::string_view text, std::string_view start, std::string_view more) {
  std::set<std::string> found;
  const auto inside = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || more.find(c) != more.npos;
  };
  for (auto at = text.find(start); at != text.npos; at = text.find(start, at + 1)) {
    if (at != 0 && inside(text[at - 1])) continue;
    auto end = at + start.size();
    while (end < text.size() && inside(text[end])) ++end;
    while (more.find(text[end - 1]) != more.npos) --end;  // the sentence's full stop
    found.emplace(text.substr(at, end - at));
  }
  return found;
}

// "docs/http.md" of "[the API](docs/http.md#limits)"
std::vector<std::string> links(std::string_view text) {
  std::vector<std::string> found;
  for (auto at = text.find("]("); at != text.npos; at = text.find("](", at + 1)) {
    const auto target = text.substr(at + 2, text.find(')', at) - at - 2);
    if (target.find("://") == target.npos) found.emplace_back(target.substr(0, target.find('#')));
  }
  return found;
}

std::set<std::string> own_families() {
  std::set<std::string> all;
  const auto add = [&](const Layout& layout) {
    for (const auto& column : layout.columns) all.insert(std::string(layout.name_space).append(column.family));
  };
  add(self_process_layout());
  for (const auto* layout : http::frame_layouts()) add(*layout);
  for (const auto* entry : catalog())
    for (const auto* layout : entry->layouts)
      if (layout->name_space == "vitald_") add(*layout);
  for (const auto& family : own_family_table()) all.insert(std::string(family.name));
  return all;
}

}  // namespace

TEST_SUITE("docs") {
  TEST_CASE("generated parts are what the code gives (else: ninja -C build/release docs)") {
    for (const auto& section : test::generated_sections()) {
      const auto document = test::read_document(section.file);
      INFO(std::string(section.file));
      CHECK(std::string(test::between_marks(document, section.name)) == section.text);
    }
  }

  TEST_CASE("generated files are what the code gives (else: ninja -C build/release docs)") {
    for (const auto& made : test::generated_files())
      CHECK_MESSAGE(test::read_document(made.file) == made.text, made.file);
  }

  TEST_CASE("links between the documents lead somewhere") {
    for (const auto& file : documents())
      for (const auto& link : links(test::read_document(file))) {
        const auto target = fs::path(test::source_tree) / fs::path(file).parent_path() / link;
        CHECK_MESSAGE((link.empty() || fs::exists(target)), file << ": " << link);
      }
  }

  TEST_CASE("every flag that a document names is understood") {
    const auto collectors = switches();
    const config::Vocabulary vocabulary(collectors);
    for (const auto& file : documents())
      for (const char* start : {"--web.", "--collector.", "--path.", "--log.", "--no-collector."})
        for (const auto& word : words(test::read_document(file), start, ".-")) {
          const std::string_view flag = std::string_view(word).substr(word.starts_with("--no-") ? 5 : 2);
          CHECK_MESSAGE(std::ranges::count(vocabulary.options(), flag, &Option::flag) == 1, file << ": " << word);
        }
  }

  TEST_CASE("the daemon's own metrics are all told of, and no others") {
    const auto page = test::read_document("docs/metrics-of-its-own.md");
    const auto real = own_families();
    for (const auto& family : real) CHECK_MESSAGE(page.find("`" + family) != page.npos, family);
    const auto is_known = [&](const std::string& name) {  // whole, or the beginning of some: vitald_collector_*
      return real.contains(name) ||
             std::ranges::any_of(real, [&](const std::string& each) { return each.starts_with(name + "_"); });
    };
    for (const auto& file : documents())
      for (const auto& name : words(test::read_document(file), "vitald_", "_"))
        CHECK_MESSAGE((name == "vitald_core" || is_known(name)), file << ": " << name);
  }
}

}  // namespace docs_test
