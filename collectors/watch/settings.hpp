#pragma once
// What is wanted of a watch.
#include "collectors/watch/event.hpp"

#include <bitset>
#include <vector>

namespace vitald::watch {

struct Settings {
  std::string name, path;
  std::vector<std::string> include = {}, exclude = {};
  std::bitset<types> kinds = std::bitset<types>().set();  // of what happens to files; the rest is always told
  std::size_t max_entries = 1'000'000;
  bool recursive = true;
  bool follow_links = true;  // on the way to the root; below it never
  bool operator==(const Settings&) const = default;
};

enum class State : std::uint8_t { active, missing, degraded, polling, error };
constexpr std::string_view state_names[] = {"active", "missing", "degraded", "polling", "error"};
constexpr std::string_view name_of(State state) { return state_names[static_cast<std::size_t>(state)]; }

// How a watch is doing.
struct Standing {
  State state = State::missing;
  std::string reason;  // why it is not active
  bool ready = false;  // the whole tree is known
  std::uint64_t entries = 0, folders = 0, watches = 0, overflows = 0, bytes = 0;
  std::uint64_t unwatched = 0, unreadable = 0, left_out = 0, foreign = 0;  // directories; entries; mounts
};

}  // namespace vitald::watch
