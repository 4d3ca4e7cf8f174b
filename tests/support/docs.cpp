#include "tests/support/docs.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/scan.hpp"
#include "config/peer_flags.hpp"
#include "config/web_options.hpp"
#include "daemon/diff/known.hpp"
#include "daemon/own_metrics.hpp"
#include "daemon/self_process.hpp"
#include "http/api/process_fields.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/json.hpp"
#include "http/server.hpp"
#include "tests/support/coverage.hpp"
#include "tests/support/places.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace vitald::test {
namespace {

// Each once, in the order of the tables.
std::string sources(const Entry& entry) {
  std::string text;
  for (const auto* layout : entry.layouts)
    for (auto rest = layout->source; !rest.empty();) {
      auto source = scan::take_until(rest, ',');
      if (rest.starts_with(' ')) rest.remove_prefix(1);
      if (text.find(source) == text.npos) text.append(text.empty() ? "" : ", ").append(source);
    }
  return text;
}

void write_entry(const Entry& entry, Out& out) {
  out << "| `" << entry.name << "` | " << entry.about << " | " << sources(entry) << " | "
      << (entry.on_by_default ? "on" : "off") << " | ";
  const auto shown = std::ranges::count_if(entry.options, [](const Option& option) { return !option.hidden; });
  if (shown != 0) {
    out << '[';
    out.number(shown);
    out << "](docs/metrics.md#" << entry.name << ')';
  }
  out << " |\n";
}

std::string overview() {
  Out out;
  out << "| collector | what it tells | from | default | options |\n|---|---|---|---|---|\n";
  for (const auto* entry : catalog()) write_entry(*entry, out);
  return std::string(out.view());
}

void write_option(const Option& option, Out& out) {
  const bool boolean = option.kind == Option::Kind::boolean;
  out << "- `--" << (boolean ? "[no-]" : "") << option.flag << "` ";
  if (!option.initial.empty()) out << "(`" << option.initial << "`) ";
  out << option.help << (option.hidden ? " Not in `--help`." : "") << '\n';
}

std::string handbook() {
  Out out;
  for (const auto* entry : catalog()) {
    out << "\n## " << entry->name << "\n\n"
        << entry->about << ' ' << (entry->on_by_default ? "On" : "Off") << " by default; switched by `--[no-]collector."
        << entry->name << "`.\n\n";
    if (!entry->needs.empty()) out << "What it needs: " << entry->needs << "\n\n";
    for (const auto& option : entry->options) write_option(option, out);
    if (!entry->options.empty()) out << '\n';
    for (const auto* layout : entry->layouts) {
      if (layout != entry->layouts.front()) out << '\n';
      encode::markdown(*layout, out);
    }
  }
  return std::string(out.view()).append("\n");
}

// What the frame and the daemon tell of themselves, in the same words as /api/v1/metadata.
std::string own_families() {
  Out out;
  for (const auto* layout : http::frame_layouts()) {
    encode::markdown(*layout, out);
    out << '\n';
  }
  encode::markdown(self_process_layout(), out);
  out << "\n### build and serving\n\nFrom the daemon.\n\n| family | type | labels | JSON | meaning "
         "|\n|---|---|---|---|---|\n";
  for (const auto& family : own_family_table()) {
    out << "| `" << family.name << "` | " << encode::name_of(family.type) << " |";
    for (const auto label : family.labels) out << " `" << label << '`';
    out << " | | " << family.help << " |\n";
  }
  return std::string(out.view());
}

// What vitald diff counts as no fault.
std::string known_table() {
  constexpr std::string_view wheres[] = {"here only", "there only", "another value", "any"};
  Out out;
  out << "| families | label | which | until | why |\n|---|---|---|---|---|\n";
  for (const auto& known : diff::known_differences()) {
    std::string families(known.families);
    for (auto at = families.find('|'); at != families.npos; at = families.find('|', at + 2)) families.insert(at, "\\");
    out << "| `" << families << "` | " << known.label << (known.values.empty() ? "" : " = ") << known.values << " | "
        << wheres[static_cast<std::size_t>(known.where)] << " | " << known.since << " | " << known.why << " |\n";
  }
  return std::string(out.view());
}

std::string coverage_table() {
  Out out;
  out << "| collector | family | shown by |\n|---|---|---|\n";
  for (const auto& [collector, family, hosts, asked] : coverage()) {
    out << "| `" << collector << "` | `" << family << "` | ";
    if (hosts.empty()) out << "no file: " << asked;
    std::string_view comma;
    for (const auto& host : hosts) out << std::exchange(comma, ", ") << host;
    out << " |\n";
  }
  return std::string(out.view());
}

// The peer's collectors that the catalog lacks.
std::string missing() {
  Out out;
  for (const auto* initial : {"true", "false"}) {
    out << (*initial == 't' ? "On by default at node_exporter:" : "\nOff by default at node_exporter:");
    for (const auto& option : config::peer_flags()) {
      const auto name = option.flag.substr(std::string_view("collector.").size());
      const bool is_switch = option.kind == Option::Kind::boolean && name.find('.') == name.npos;
      if (!is_switch || option.initial != initial) continue;
      const auto here = [&](const Entry* entry) { return entry->name == name; };
      if (std::ranges::none_of(catalog(), here)) out << "\n`" << name << '`';
    }
    out << '\n';
  }
  return std::string(out.view());
}

std::string limits() {
  Out out;
  out << "| flag | default | what |\n|---|---|---|\n";
  for (const auto& option : config::web_options())
    out << "| `--" << (option.kind == Option::Kind::boolean ? "[no-]" : "") << option.flag << "` | "
        << (option.initial.empty() ? "" : "`") << option.initial << (option.initial.empty() ? "" : "`") << " | "
        << option.help << " |\n";
  const http::Limits fixed;
  out << "| | ";
  out.number(fixed.linger / std::chrono::seconds(1));
  out << " s | The client's end, after a reply that ends the connection. |\n";
  return std::string(out.view());
}

std::string process_field_table() {
  constexpr std::string_view shown[] = {"in listings, too", "of one", "if asked for: costly"};
  Out out;
  out << "| field | shown | private | adds up | meaning |\n|---|---|---|---|---|\n";
  for (const auto& field : http::process_fields())
    out << "| `" << field.name << "` | " << shown[static_cast<std::size_t>(field.shown)] << " | "
        << (field.is_private ? "yes" : "") << " | " << (field.adds_up ? "yes" : "") << " | " << field.about << " |\n";
  return std::string(out.view());
}

}  // namespace

std::vector<Section> generated_sections() {
  return {{"README.md", "collectors", overview()},
          {"docs/metrics.md", "collectors", handbook()},
          {"docs/metrics.md", "own", own_families()},
          {"docs/migration.md", "known", known_table()},
          {"docs/coverage.md", "coverage", coverage_table()},
          {"docs/differences.md", "missing", missing()},
          {"docs/http.md", "limits", limits()},
          {"docs/processes.md", "process fields", process_field_table()}};
}

std::string read_document(std::string_view file) {
  std::ifstream in((source_tree + "/").append(file));
  if (!in) throw std::runtime_error("cannot read " + std::string(file));
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string_view between_marks(std::string_view document, std::string_view name) {
  const auto opening = "<!-- " + std::string(name) + " -->\n", closing = "<!-- /" + std::string(name) + " -->\n";
  const auto from = document.find(opening), to = document.find(closing);
  if (from == document.npos || to == document.npos || from > to || document.find(opening, from + 1) != document.npos)
    throw std::runtime_error("no marks for " + std::string(name));
  return document.substr(from + opening.size(), to - from - opening.size());
}

}  // namespace vitald::test
