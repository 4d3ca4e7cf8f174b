#pragma once
// What the daemon and its probe say to each other: one packet each way of a SOCK_SEQPACKET pair. Both ends are the
// same binary, so the bytes need no other order than memory's.
#include "collectors/base/path_facts.hpp"

#include <cstddef>
#include <cstdint>

namespace vitald::probe_wire {

enum class Verb : std::uint8_t {
  stop,  // the rest of the list is not wanted any more
  size,  // as Probe::Wants
  files,
  facts,
  names,
  text,
  user,
};

struct Request {  // then `count` paths, each with a NUL at its end
  Verb verb = Verb::stop;
  std::uint32_t count = 0;
};

// One for each path, in the list's order; before all, one to say that the probe is there. Bytes come first, in as many
// answers as they need, each followed by its share of them.
struct Answer {
  std::uint32_t index = 0;
  std::int32_t error = 0;  // an errno, or 0
  bool last = false;       // nothing more comes for this list: it is at its end, or was stopped
  bool first = true;       // of this path
  bool more = false;       // this path's last answer is yet to come
  bool read_only = false;
  std::uint32_t bytes = 0;  // that follow
  FileStamp stamp = {};
  PathFacts facts = {};
  std::uint64_t block_size = 0, blocks = 0, free = 0, available = 0, files = 0, files_free = 0;
};

constexpr std::size_t most_bytes = std::size_t{32} << 10;  // of one request, and of one answer

}  // namespace vitald::probe_wire
