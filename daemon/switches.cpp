#include "daemon/switches.hpp"

#include "collectors/base/collector.hpp"

namespace vitald {

std::vector<config::Switch> switches() {
  std::vector<config::Switch> all;
  for (const auto* entry : catalog())
    all.push_back({entry->name, entry->about, entry->on_by_default, entry->options, entry->on_with});
  return all;
}

}  // namespace vitald
