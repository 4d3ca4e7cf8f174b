#pragma once
// All processes at one moment, as a listing shows them. Made off the loop, then shared and never changed.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vitald {

// Where what is told of a process comes from. A pass reads what is wanted, and of each process its stat.
enum class From : std::uint32_t {
  stat = 0,
  status = 1 << 0,       // users and groups
  switches = 1 << 1,     // of all threads together
  statm = 1 << 2,        // shared, text, data
  io = 1 << 3,           // what it has read and written
  descriptors = 1 << 4,  // how many
  smaps = 1 << 5,        // proportional memory: costly of large processes
  command = 1 << 6,      // the arguments
  exe = 1 << 7,
  cwd = 1 << 8,
  cgroup = 1 << 9,
  oom = 1 << 10,
  priority = 1 << 11,  // of I/O
  owner = 1 << 12,     // to whom the kernel shows its private files
  memory = 1 << 13,    // its kinds, and on which processors it may run
};
constexpr std::uint32_t bit(From from) { return static_cast<std::uint32_t>(from); }

constexpr std::uint64_t not_known = UINT64_MAX;
constexpr std::uint32_t unknown_id = UINT32_MAX;

// Numbers that are not known are `not_known`; times in the kernel's ticks.
struct ProcessRow {
  struct Piece {  // of the sample's texts
    std::uint32_t at = 0, size = 0;
  };

  int pid = 0, parent = 0, process_group = 0, session = 0;
  char state = '?';
  bool command_cut = false, exe_deleted = false;
  std::int8_t nice = 0;
  std::int16_t priority = 0;
  std::uint16_t realtime_priority = 0;
  std::uint32_t threads = 0, descriptors = unknown_id, processor = 0;
  std::uint32_t users[3] = {unknown_id, unknown_id, unknown_id};   // real, effective, saved
  std::uint32_t groups[3] = {unknown_id, unknown_id, unknown_id};  // the same
  std::uint32_t owner = unknown_id;
  std::uint32_t refused = 0;  // by the kernel: bits of From
  std::uint64_t start_ticks = 0;
  std::uint64_t user_ticks = 0, system_ticks = 0, children_user_ticks = 0, children_system_ticks = 0;
  std::uint64_t minor_faults = 0, major_faults = 0;
  std::uint64_t virtual_bytes = 0, resident_bytes = 0;
  std::uint64_t voluntary = not_known, involuntary = not_known;
  std::uint64_t reads = not_known, writes = not_known, read_bytes = not_known, write_bytes = not_known;
  std::uint64_t read_chars = not_known, write_chars = not_known, cancelled_write_bytes = not_known;
  float cpu_percent = -1, read_per_second = -1, write_per_second = -1;  // negative: not known
  Piece name, terminal, command, exe, cwd, cgroup;
};

// Of a process, when asked for: bytes.
struct ProcessMore {
  std::uint64_t shared = not_known, text = not_known, data = not_known;
  std::uint64_t peak_resident = not_known, peak_virtual = not_known, anonymous = not_known, file = not_known,
                shmem = not_known;
  std::uint64_t swap = not_known, hugetlb = not_known;
  std::uint64_t unique = not_known, proportional = not_known, proportional_swap = not_known;
  std::uint32_t oom_score = unknown_id;
  std::int16_t oom_score_adj = INT16_MIN;
  std::int8_t io_class = -1, io_level = -1;
  ProcessRow::Piece processors;  // that it may run on: "0-3,8"
};

struct ProcessSample {
  std::uint64_t id = 0;
  std::uint32_t wants = 0;        // bits of From
  double sampled_at_seconds = 0;  // Unix time at which the pass began
  double interval_seconds = 0;    // that the rates cover; 0: there are none
  std::uint64_t boot_seconds = 0, memory_bytes = 0, ticks_per_second = 100;
  std::uint64_t unread = 0;       // processes that are there, of which nothing may be read
  bool complete = true;           // false: the pass had no more time
  std::vector<ProcessRow> rows;   // by pid
  std::vector<ProcessMore> more;  // of each row, or empty
  std::string texts;
  std::map<std::uint32_t, std::string> users;  // names of those that have one

  std::string_view text(ProcessRow::Piece piece) const { return std::string_view(texts).substr(piece.at, piece.size); }
  const ProcessRow* find(int pid) const;
};

}  // namespace vitald
