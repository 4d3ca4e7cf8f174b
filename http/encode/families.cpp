#include "http/encode/families.hpp"

#include <algorithm>

namespace vitald::encode {

std::string Family::name() const { return std::string(layout->name_space).append(column().family); }

std::vector<std::string_view> Family::labels() const {
  std::vector<std::string_view> all;
  for (const auto& key : column().own_keys ? column().keys : layout->keys) all.push_back(key.name);
  if (const auto fixed = column().fixed.name; !fixed.empty()) all.insert(std::ranges::upper_bound(all, fixed), fixed);
  return all;
}

std::vector<Family> families(const Layout& layout) {
  std::vector<Family> all;
  for (const auto& column : layout.columns) {
    if (!all.empty() && all.back().column().family == column.family)
      all.back().columns = {all.back().columns.data(), all.back().columns.size() + 1};
    else
      all.push_back({&layout, {&column, 1}});
  }
  return all;
}

std::string_view unit_of(std::string_view family) {
  constexpr std::string_view units[] = {"amperes", "bytes", "celsius", "hertz",   "joules", "meters",
                                        "percent", "ratio", "rpm",     "seconds", "volts",  "watts"};
  if (family.ends_with("_total")) family.remove_suffix(6);
  const auto last = family.substr(family.rfind('_') + 1);
  const auto* unit = std::ranges::find(units, last);
  return last.size() < family.size() && unit != std::end(units) ? *unit : std::string_view{};
}

}  // namespace vitald::encode
