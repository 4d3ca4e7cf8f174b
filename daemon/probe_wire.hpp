#pragma once
// What the daemon and its probe say to each other: one packet each way of a SOCK_SEQPACKET pair. Both ends are the
// same binary, so the bytes need no other order than memory's.
#include <cstddef>
#include <cstdint>

namespace vitald::probe_wire {

enum class Verb : std::uint8_t {
  stop,    // the rest of the list is not wanted any more
  statfs,  // statfs(2) of each path
};

struct Request {  // then `count` paths, each with a NUL at its end
  Verb verb = Verb::stop;
  std::uint32_t count = 0;
};

struct Answer {  // one for each path, in the list's order; before all, one to say that the probe is there
  std::uint32_t index = 0;
  std::int32_t error = 0;  // an errno, or 0
  bool last = false;       // nothing more comes for this list: it is at its end, or was stopped
  bool read_only = false;
  std::uint64_t block_size = 0, blocks = 0, free = 0, available = 0, files = 0, files_free = 0;
};

constexpr std::size_t most_bytes = std::size_t{32} << 10;  // of one request

}  // namespace vitald::probe_wire
