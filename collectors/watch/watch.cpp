#include "collectors/watch/watch.hpp"

#include "collectors/watch/instance.hpp"

#include <algorithm>

namespace vitald::watch {

std::size_t Watch::weight(const Event& event) {
  const auto extra = [](const std::string& text) { return text.size() < 16 ? 0 : text.capacity() + 16; };
  return sizeof event + extra(event.path) + extra(event.target);
}

std::uint64_t Watch::add(std::vector<Event> events, const Standing& standing) {
  const std::lock_guard lock(mutex_);
  report_.standing = standing;
  if (!events.empty())
    report_.lag_seconds = std::max(0.0, static_cast<double>(wall_clock_ns() - events.back().time_ns) * 1e-9);
  for (auto& event : events) {
    event.sequence = ++report_.last;
    ++report_.events[static_cast<std::size_t>(event.type)];
    report_.kept_bytes += weight(event);
    events_.push_back(std::move(event));
    while (events_.size() > bounds_.events || (report_.kept_bytes > bounds_.bytes && events_.size() > 1)) {
      report_.kept_bytes -= weight(events_.front());
      events_.pop_front();
    }
  }
  report_.kept = events_.size();
  report_.most_kept = std::max(report_.most_kept, report_.kept);
  report_.first = report_.last - report_.kept + 1;
  return report_.last;
}

Page Watch::after(std::uint64_t sequence, std::size_t most) const {
  const std::lock_guard lock(mutex_);
  Page page;
  page.first = report_.first;
  page.last = report_.last;
  page.lost = sequence + 1 < page.first;
  const auto begin = page.lost ? 0 : std::min<std::uint64_t>(sequence + 1 - page.first, events_.size());
  const auto count = std::min<std::size_t>(most, events_.size() - begin);
  page.events.reserve(count);
  for (std::size_t i = 0; i < count; ++i) page.events.push_back(events_[begin + i]);
  return page;
}

std::uint64_t Watch::last() const {
  const std::lock_guard lock(mutex_);
  return report_.last;
}

Report Watch::report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

}  // namespace vitald::watch
