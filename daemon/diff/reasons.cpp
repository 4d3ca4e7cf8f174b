#include "daemon/diff/reasons.hpp"

#include "collectors/base/collector.hpp"
#include "http/encode/families.hpp"

#include <algorithm>

namespace vitald::diff {
namespace {

const Entry* collector_of(std::string_view name) {
  for (const auto* entry : catalog())
    for (const auto* layout : entry->layouts)
      for (const auto& family : encode::families(*layout))
        if (family.named_by_kernel() ? name.starts_with(family.name()) : name == family.name()) return entry;
  return nullptr;
}

}  // namespace

std::string why_lost(std::string_view family, const Side& ours) {
  const auto* const entry = collector_of(family);
  return entry ? why_no_collector(entry->name, ours) : "no collector of this build shows it";
}

std::string why_no_collector(std::string_view collector, const Side& ours) {
  const auto told = "collector " + std::string(collector);
  const auto state = ours.state_of(collector);
  const auto here = [&](const Entry* entry) { return entry->name == collector; };
  if (std::ranges::none_of(catalog(), here)) return told + " is not in this build";
  if (state.empty()) return told + " is off";
  return state == "ok" ? told + " runs and does not show it" : told + " is in the state " + state;
}

}  // namespace vitald::diff
