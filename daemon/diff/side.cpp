#include "daemon/diff/side.hpp"

#include "collectors/base/out.hpp"
#include "http/encode/exposition.hpp"

#include <algorithm>
#include <set>

namespace vitald::diff {
namespace {

const Series* build_of(const Side& side, std::string program) {
  std::ranges::replace(program, '-', '_');
  const auto found = side.families().find(program + "_build_info");
  return found == side.families().end() || found->second.series.empty() ? nullptr
                                                                        : &found->second.series.begin()->second;
}

}  // namespace

std::string_view label_of(const Labels& labels, std::string_view name) {
  const auto found = std::ranges::find(labels, name, &Labels::value_type::first);
  return found == labels.end() ? std::string_view{} : found->second;
}

std::vector<std::string> Family::label_names() const {
  std::set<std::string> names;
  for (const auto& [_, each] : series)
    for (const auto& [name, value] : each.labels) names.insert(name);
  return {names.begin(), names.end()};
}

std::string key_of(const Series& series, const std::vector<std::string>& without) {
  Out out;
  out << series.name;
  char before = '{';
  for (const auto& [name, value] : series.labels) {
    if (std::ranges::count(without, name) != 0) continue;
    out << before << name << "=\"";
    encode::escaped_label(out, value);
    out << '"';
    before = ',';
  }
  if (before == ',') out << '}';
  return std::string(out.view());
}

Result<void> Side::add(std::string_view text) {
  metrics_text::Document document;
  if (const auto done = document.parse(text); !done) return done.error();
  ++pages_;
  for (const auto& family : document.families()) {
    auto& known = families_[std::string(family.name)];
    known.kind = family.kind;
    known.has_type = family.has_type;
  }
  for (const auto& sample : document.samples()) {
    Series series{std::string(sample.name), {}, {}};
    for (const auto& [name, value] : document.labels(sample))
      if (!value.empty()) series.labels.emplace_back(name, value);
    std::ranges::sort(series.labels);
    auto& all = families_[std::string(document.families()[sample.family].name)].series;
    const auto at = all.try_emplace(key_of(series), std::move(series)).first;
    at->second.values.push_back(sample.value);
  }
  return {};
}

std::size_t Side::series() const {
  std::size_t all = 0;
  for (const auto& [_, family] : families_) all += family.series.size();
  return all;
}

std::string Side::program() const {
  for (const char* known : {"vitald", "node_exporter", "process-exporter"})
    if (build_of(*this, known)) return known;
  return {};
}

std::string Side::version() const {
  const auto* const build = build_of(*this, program());
  return build ? std::string(label_of(build->labels, "version")) : std::string();
}

std::string Side::state_of(std::string_view collector) const {
  const auto found = families_.find("vitald_collector_state");
  if (found == families_.end()) return {};
  for (const auto& [_, each] : found->second.series)
    if (label_of(each.labels, "collector") == collector) return std::string(label_of(each.labels, "state"));
  return {};
}

}  // namespace vitald::diff
