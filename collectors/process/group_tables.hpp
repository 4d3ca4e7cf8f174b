#pragma once
// How groups of processes are shown: process-exporter's families.
#include "collectors/base/page.hpp"

namespace vitald::process {

struct GroupRow {
  Text group;
  std::uint64_t processes = 0, threads = 0;
  double cpu_user = 0, cpu_system = 0;
  std::uint64_t major_faults = 0, minor_faults = 0;
  std::uint64_t voluntary = 0, involuntary = 0;
  std::optional<std::uint64_t> read_bytes, write_bytes;
  std::uint64_t resident = 0, virtual_size = 0, swapped = 0;
  std::optional<std::uint64_t> proportional, proportional_swapped;
  std::uint64_t open_files = 0;
  double worst_ratio = 0;
  std::optional<double> oldest_start;
  std::uint64_t running = 0, sleeping = 0, waiting = 0, zombie = 0, other = 0;
};

struct ThreadsRow {
  Text group, thread;
  std::uint64_t count = 0;
  double cpu_user = 0, cpu_system = 0;
  std::optional<std::uint64_t> read_bytes, write_bytes;
  std::uint64_t major_faults = 0, minor_faults = 0, voluntary = 0, involuntary = 0;
};

struct WaitRow {
  Text group, place;
  std::uint64_t threads = 0;
};

struct ReadingRow {
  std::uint64_t errors = 0, unread = 0, parts = 0;
};

struct LimitRow {
  std::uint64_t groups = 0, over_limit = 0;
};

extern constinit const Table<GroupRow> groups_table;
extern constinit const Table<ThreadsRow> group_threads_table;
extern constinit const Table<WaitRow> group_waits_table;
extern constinit const Table<ReadingRow> group_reading_table;
extern constinit const Table<LimitRow> group_limit_table;

}  // namespace vitald::process
