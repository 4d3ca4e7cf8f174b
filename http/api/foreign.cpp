#include "http/api/foreign.hpp"

#include "http/api.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

bool is_family(const Layout& layout, const Column& column, const void* row, std::string_view name) {
  for (const auto part : {layout.name_space, column.family, layout.named ? layout.named(row) : std::string_view{}}) {
    if (!name.starts_with(part)) return false;
    name.remove_prefix(part.size());
  }
  return name.empty() && column.read(row).kind != Value::Kind::absent;
}

bool shows(const Rows& rows, std::string_view name) {
  if (!name.starts_with(rows.layout->name_space)) return false;
  for (const auto& column : rows.layout->columns) {
    if (!name.substr(rows.layout->name_space.size()).starts_with(column.family)) continue;
    for (std::size_t i = 0; i < rows.count; ++i)
      if (is_family(*rows.layout, column, rows[i], name)) return true;
  }
  return false;
}

bool shows(const View& view, std::string_view name) {
  bool found = false;
  const auto look = [&](const std::shared_ptr<const Page>& page) {
    if (page) page->each([&](const Rows& rows) { found = found || shows(rows, name); });
  };
  for (const auto& reading : view.readings) look(reading.page);
  look(view.self);
  return found;
}

// The names that samples of the family have, and its own.
template <class Check>
bool any_name(const Foreign::Family& family, Check&& check) {
  if (check(family.name)) return true;
  if (family.kind != Foreign::Kind::histogram && family.kind != Foreign::Kind::summary) return false;
  std::string name;
  return std::ranges::any_of(std::initializer_list<std::string_view>{"_bucket", "_sum", "_count"},
                             [&](auto ending) { return check(name.assign(family.name).append(ending)); });
}

}  // namespace

ForeignFamilies::ForeignFamilies(std::span<const Readings::Known> known) {
  for (const auto& each : known)
    for (const auto* layout : each.entry->layouts) know(*layout);
}

void ForeignFamilies::know(const Layout& layout) {
  for (const auto& column : layout.columns) {
    auto name = std::string(layout.name_space).append(column.family);
    if (layout.named)
      prefixes_.push_back(std::move(name));
    else
      names_.insert(std::move(name));
  }
}

bool ForeignFamilies::can_be_ours(std::string_view name) const {
  return names_.contains(name) || name.starts_with("process_") ||
         std::ranges::any_of(prefixes_, [&](const auto& prefix) { return name.starts_with(prefix); });
}

bool ForeignFamilies::is_shown(std::string_view name, const View& view) const {
  return can_be_ours(name) && shows(view, name);
}

// OpenMetrics keeps "x" and "x_created" for the counter with the sample "x_total".
bool ForeignFamilies::belongs_to_counter(std::string_view name, const View& view) const {
  const auto base = name.ends_with("_created") ? name.substr(0, name.rfind('_')) : name;
  return is_shown(std::string(name).append("_total"), view) || is_shown(std::string(base).append("_total"), view);
}

std::vector<bool> ForeignFamilies::hidden(const Foreign& foreign, const View& view, encode::Format format) const {
  const bool strict = format == encode::Format::open_metrics;
  std::vector<bool> all;
  all.reserve(foreign.families.size());
  for (const auto& family : foreign.families)
    all.push_back(any_name(family, [&](std::string_view name) {
      return is_shown(name, view) || (strict && belongs_to_counter(name, view));
    }));
  return all;
}

}  // namespace vitald::http
