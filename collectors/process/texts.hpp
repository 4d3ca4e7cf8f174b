#pragma once
// What the kernel writes of a process or thread, each file by a pure function. The views look into the text.
#include "collectors/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitald::process {

// /proc/PID/stat, and a thread's
struct Stat {
  int pid = 0, parent = 0;
  std::string_view name;  // any bytes; at most 15 but for kernel threads
  char state = '?';
  std::uint64_t minor_faults = 0, major_faults = 0;
  std::uint64_t user_ticks = 0, system_ticks = 0;
  std::uint64_t threads = 0;
  std::uint64_t start_ticks = 0;  // since the boot; with the pid it tells processes apart
  std::uint64_t virtual_bytes = 0;
  std::int64_t resident_pages = 0;
};
Result<void> parse_stat(std::string_view text, Stat& out);

// Of /proc/PID/status what stat does not have.
struct Status {
  std::uint64_t effective_user = 0;
  std::optional<std::uint64_t> swapped_bytes;                      // kernel threads and zombies have none
  std::uint64_t voluntary_switches = 0, involuntary_switches = 0;  // of this thread alone
};
Result<void> parse_status(std::string_view text, Status& out);

struct Io {
  std::uint64_t read_bytes = 0, write_bytes = 0;  // from and to storage
};
Result<void> parse_io(std::string_view text, Io& out);

struct Proportional {
  std::uint64_t resident_bytes = 0, swapped_bytes = 0;
};
Result<void> parse_smaps_rollup(std::string_view text, Proportional& out);

// The soft limit of open files in /proc/PID/limits; none where there is no limit.
Result<void> parse_limits(std::string_view text, std::optional<std::uint64_t>& open_files);

// Arguments end with NUL; a program that has written over them may have left none at the end.
std::string_view take_argument(std::string_view& command);
// Without the NULs at the end, of which a title that was written over the arguments leaves many.
std::string_view parse_command(std::string_view text);

// The path of the next line of /proc/PID/cgroup, "0::/system.slice/ssh.service"; false at the end.
bool take_cgroup(std::string_view& text, std::string_view& path);

}  // namespace vitald::process
