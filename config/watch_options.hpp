#pragma once
// Directories to be watched: their options, and what these come to.
#include "collectors/base/option.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::config {

std::span<const Option> watch_options();

struct WatchSettings {
  std::string name, path;
  bool recursive = true, sizes = false;
  std::vector<std::string> include, exclude, events;  // no events: all kinds
  bool operator==(const WatchSettings&) const = default;
};

// "{name: logs, path: /var/log, exclude: ['*.gz']}", as YAML or JSON; or what is wrong with it.
std::string_view read_watch(std::string_view text, WatchSettings& out);

struct WatchesSettings {
  std::vector<WatchSettings> all;
  std::vector<std::string> roots;  // below which clients may watch
  std::size_t max_entries = 0;
  std::chrono::nanoseconds poll_every{};
};
WatchesSettings watches_settings(const Options& options);  // as parsed without errors

// What is wrong with these flags beside each other, each in one sentence.
std::vector<std::string> watch_contradictions(const Options& options);

}  // namespace vitald::config
