#pragma once
// What is wanted of a watch, and how it is doing.
#include "collectors/base/watch_event.hpp"

#include <array>
#include <bitset>
#include <chrono>
#include <optional>
#include <vector>

namespace vitald::watch {

struct Settings {
  std::string name, path;
  std::vector<std::string> include = {}, exclude = {};
  std::bitset<types> kinds = std::bitset<types>().set();  // of what happens to files; the rest is always told
  std::size_t max_entries = 1'000'000;
  std::chrono::nanoseconds poll_every = std::chrono::seconds(10);  // where the kernel tells nothing
  bool recursive = true;
  bool sizes = false;        // how much its files hold and when they were written is told, too
  bool follow_links = true;  // on the way to the root; below it never
  bool operator==(const Settings&) const = default;
};

enum class State : std::uint8_t { active, missing, degraded, polling, error };
constexpr std::string_view state_names[] = {"active", "missing", "degraded", "polling", "error"};
constexpr std::string_view name_of(State state) { return state_names[static_cast<std::size_t>(state)]; }

// Of the plain files of a watch.
struct Sizes {
  std::uint64_t files = 0, bytes = 0;
  std::int64_t newest_ns = 0, oldest_ns = 0;  // mtime, where there is a file
};

// How a watch is doing.
struct Standing {
  State state = State::missing;
  std::string reason;  // why it is not active
  bool ready = false;  // the whole tree is known
  std::uint64_t entries = 0, folders = 0, watches = 0, overflows = 0, bytes = 0;
  std::uint64_t unwatched = 0, unreadable = 0, left_out = 0, foreign = 0;  // directories; entries; mounts
  std::optional<Sizes> sizes;                                              // none: they are not wanted, or not known
};

struct Common {                          // to all watches
  std::uint64_t watches_allowed = 0;     // by the kernel, to this user; 0: not known
  std::uint64_t most_waiting_bytes = 0;  // that were taken from the kernel and not looked at yet, at most
  int probes_abandoned = 0;              // of those that look where the kernel tells nothing
};

struct Report {
  Standing standing;
  std::array<std::uint64_t, types> events{};  // told so far, by type
  std::uint64_t first = 1, last = 0, kept = 0, kept_bytes = 0, most_kept = 0;
  double lag_seconds = 0;  // of the last that came: from the kernel's queue to here
};

// Some of its events, in order.
struct Page {
  std::vector<Event> events;
  bool lost = false;                  // what came right after the one that was named is not here any more
  std::uint64_t first = 1, last = 0;  // of those that are kept
};

}  // namespace vitald::watch
