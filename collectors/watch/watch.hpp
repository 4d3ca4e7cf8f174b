#pragma once
// What others may know of a watch, from any thread: its events, as many as there is room for, and how it is doing.
#include "collectors/base/watch_settings.hpp"

#include <deque>
#include <mutex>

namespace vitald::watch {

struct Bounds {
  std::size_t events = 65'536, bytes = std::size_t{16} << 20;
};

class Watch {
 public:
  explicit Watch(Settings settings, Bounds bounds = {}) : settings_(std::move(settings)), bounds_(bounds) {}

  const Settings& settings() const { return settings_; }

  Page after(std::uint64_t sequence, std::size_t most) const;
  std::uint64_t last() const;

  Report report() const;

  // The engine's worker alone. Returns the last number.
  std::uint64_t add(std::vector<Event> events, const Standing& standing);

 private:
  static std::size_t weight(const Event& event);

  const Settings settings_;
  const Bounds bounds_;
  mutable std::mutex mutex_;
  std::deque<Event> events_;
  Report report_;
};

}  // namespace vitald::watch
