#pragma once
// What listings tell of a process beyond what groups count: the rest of stat, status, io and statm.
#include "collectors/process/texts.hpp"

namespace vitald::process {

struct FullStat : Stat {
  int process_group = 0, session = 0;
  std::int64_t terminal = 0, priority = 0, nice = 0;
  std::uint64_t children_user_ticks = 0, children_system_ticks = 0;
  std::uint64_t processor = 0, realtime_priority = 0;  // 0 where an old kernel does not say
};
Result<void> parse_full_stat(std::string_view text, FullStat& out);

struct FullStatus {
  std::uint32_t users[3] = {}, groups[3] = {};  // real, effective, saved
  std::uint64_t voluntary_switches = 0, involuntary_switches = 0;
  // In bytes; kernel threads and zombies have none, old kernels not all.
  std::optional<std::uint64_t> peak_virtual, peak_resident, anonymous, file, shmem, swap, hugetlb;
  std::string_view processors;  // "0-3,8"
};
Result<void> parse_full_status(std::string_view text, FullStatus& out);

struct FullIo {
  std::uint64_t read_chars = 0, write_chars = 0, reads = 0, writes = 0, read_bytes = 0, write_bytes = 0,
                cancelled_write_bytes = 0;
};
Result<void> parse_full_io(std::string_view text, FullIo& out);

struct PagesOf {
  std::uint64_t shared = 0, text = 0, data = 0;
};
Result<void> parse_statm(std::string_view text, PagesOf& out);

struct Footprint {
  std::uint64_t unique_bytes = 0, proportional_bytes = 0, proportional_swap_bytes = 0;
};
Result<void> parse_footprint(std::string_view text, Footprint& out);  // of smaps_rollup

}  // namespace vitald::process
