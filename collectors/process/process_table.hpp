#pragma once
// All processes of one pass, with what is remembered of each from pass to pass. Who a process is: (pid, start time).
#include "collectors/process/proc_files.hpp"
#include "collectors/process/texts.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace vitald::process {

// What counts up.
struct Usage {
  std::uint64_t user_ticks = 0, system_ticks = 0, minor_faults = 0, major_faults = 0;
  std::uint64_t read_bytes = 0, write_bytes = 0, voluntary = 0, involuntary = 0;
};

struct Thread {
  int id = 0;
  bool counted = false, io_counted = false, switches_counted = false;
  std::uint64_t start_ticks = 0;
  Usage last;
};

struct Process {
  static constexpr std::uint32_t undecided = UINT32_MAX, none = UINT32_MAX - 1;

  int pid = 0, parent = 0;
  std::uint64_t start_ticks = 0;
  std::uint64_t name_hash = 0;
  std::uint32_t group = undecided;
  bool old = false;  // it was there when we came: what it has used before does not count
  bool counted = false, io_counted = false;
  Usage last;
  std::vector<Thread> threads;  // from the least id on; of one that has a single thread, and is counted: that one
};

class ProcessTable {
 public:
  explicit ProcessTable(ProcFiles& files) : files_(files) {}

  // A pass: `seen` is told of each process with its stat, in the order of pids. Who is not seen again is forgotten.
  template <class Seen>
  Result<void> pass(Seen&& seen) {
    const auto pids = files_.processes();
    if (!pids) return pids.error();
    begin();
    for (const int pid : *pids) {
      Stat stat;
      if (auto* process = take(pid, stat)) seen(*process, stat);
    }
    end();
    return {};
  }

  std::span<Process> all() { return now_; }
  Process* find(int pid);
  std::uint64_t unread() const { return unread_; }  // processes, all passes together: there, and not to be read

 private:
  void begin();
  Process* take(int pid, Stat& stat);
  void end();

  ProcFiles& files_;
  std::vector<Process> now_, before_;
  std::size_t next_before_ = 0;
  std::uint64_t unread_ = 0;
  bool first_ = true;
};

}  // namespace vitald::process
