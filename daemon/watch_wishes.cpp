#include "daemon/watch_wishes.hpp"

#include "daemon/probe.hpp"

#include <algorithm>

namespace vitald {

watch::Settings engine_settings(const config::WatchSettings& from, const ForAllWatches& all, bool follow_links) {
  watch::Settings to;
  to.name = from.name;
  to.path = from.path;
  to.include = from.include;
  to.exclude = from.exclude;
  to.recursive = from.recursive;
  to.sizes = from.sizes;
  to.max_entries = all.max_entries;
  to.poll_every = all.poll_every;
  to.follow_links = follow_links;
  constexpr watch::Type choice[] = {watch::Type::created,  watch::Type::deleted, watch::Type::moved,
                                    watch::Type::modified, watch::Type::closed,  watch::Type::attributes};
  for (const auto type : choice)
    if (!from.events.empty() && std::ranges::find(from.events, name_of(type)) == from.events.end())
      to.kinds.reset(static_cast<std::size_t>(type));
  return to;
}

std::unique_ptr<Probe> make_poll_probe() {
  return std::make_unique<ProbeChildren>("/proc/self/exe", std::chrono::seconds(5));
}

}  // namespace vitald
