#pragma once
// What a watch tells. Paths count from its root, whose own is empty; they are bytes, as the kernel has them.
#include <cstdint>
#include <string>
#include <string_view>

namespace vitald::watch {

enum class Type : std::uint8_t {
  created,
  deleted,    // with all that was below it; also what was moved out of the tree
  moved,      // from path to target, with all below; what stood at the target is gone
  exchanged,  // path and target
  modified,
  closed,      // after it was open for writing
  attributes,  // mode, owner, times, links
  ready,       // the tree is known now
  overflow,    // the kernel dropped events: what follows until `resynced` is found by comparing
  resynced,
  root_gone,
  root_back,
};
constexpr std::size_t types = 12;
constexpr std::string_view type_names[types] = {"created",  "deleted",  "moved",      "exchanged",
                                                "modified", "closed",   "attributes", "ready",
                                                "overflow", "resynced", "root_gone",  "root_back"};
constexpr std::string_view name_of(Type type) { return type_names[static_cast<std::size_t>(type)]; }

struct Event {
  std::uint64_t sequence = 0;  // of its watch, from 1
  std::int64_t time_ns = 0;    // Unix time when it was taken from the kernel
  std::string path, target;
  std::string_view why;               // of control events: a literal
  std::uint64_t size = 0, inode = 0;  // where `known`
  std::int64_t mtime_ns = 0;          // the same
  std::uint32_t cookie = 0;           // of a move in or out, or 0: the other half may be another watch's
  std::uint32_t count = 1;            // of `modified`: so many in a row; of `ready` and `resynced`: events between
  Type type = Type::created;
  bool folder = false, synthetic = false, known = false;
};

}  // namespace vitald::watch
