#include "daemon/collector_set.hpp"

#include "daemon/self_process.hpp"

#include <deque>
#include <mutex>

namespace vitald {
namespace {

// For the life of the program, because answers may still name it after a reload; the peer's flags bound their number.
const Entry* entry_of_missing(const std::string& name) {
  static std::mutex mutex;
  static std::deque<std::string> names;
  static std::deque<Entry> entries;
  const std::lock_guard lock(mutex);
  for (const auto& entry : entries)
    if (entry.name == name) return &entry;
  const std::string_view kept = names.emplace_back(name);
  return &entries.emplace_back(Entry{kept, "Not in this build.", false, Entry::Runs::fast, nullptr, {}, {}});
}

}  // namespace

std::unique_ptr<CollectorSet> make_collectors(CollectorWishes wishes, const CollectorServices& services) {
  auto made = std::make_unique<CollectorSet>();
  made->roots = std::move(wishes.roots);
  made->options = std::move(wishes.options);
  made->group_rules = std::move(wishes.group_rules);
  made->environment = std::make_unique<const Environment>(
      Environment{made->roots, made->options, made->sources, services.probe, services.files, services.paths,
                  services.remarks, made->group_rules.get(), services.names});
  for (const auto* entry : catalog()) {
    const bool on = wishes.on.contains(entry->name);
    made->members.push_back({entry, on ? entry->make(*made->environment) : nullptr, on});
  }
  for (const auto& name : wishes.missing) made->members.push_back({entry_of_missing(name), nullptr, true});
  made->self = make_self_process(made->sources);
  return made;
}

}  // namespace vitald
