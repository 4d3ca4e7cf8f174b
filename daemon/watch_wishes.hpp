#pragma once
// What the engine of watches is given by the daemon: settings of its own kind, and who looks where that may hang.
#include "collectors/base/probe.hpp"
#include "collectors/base/watch_settings.hpp"
#include "config/watch_options.hpp"

#include <memory>

namespace vitald {

struct ForAllWatches {
  std::size_t max_entries;
  std::chrono::nanoseconds poll_every;
};

watch::Settings engine_settings(const config::WatchSettings& from, const ForAllWatches& all, bool follow_links);

// One that may take its time.
std::unique_ptr<Probe> make_poll_probe();

}  // namespace vitald
