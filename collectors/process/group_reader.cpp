#include "collectors/process/group_reader.hpp"

#include "collectors/base/scan.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace vitald::process {
namespace {

// How far it has come since it was last looked at. It never goes back.
std::uint64_t step(std::uint64_t& last, std::uint64_t now, bool from_here) {
  if (from_here) last = std::max(last, now);
  return now > last ? now - std::exchange(last, now) : 0;
}

void add_times(const Stat& stat, Usage& last, bool from_here, Usage& total) {
  total.user_ticks += step(last.user_ticks, stat.user_ticks, from_here);
  total.system_ticks += step(last.system_ticks, stat.system_ticks, from_here);
  total.minor_faults += step(last.minor_faults, stat.minor_faults, from_here);
  total.major_faults += step(last.major_faults, stat.major_faults, from_here);
}

Thread& main_thread(Process& process) {
  const auto at = std::ranges::lower_bound(process.threads, process.pid, {}, &Thread::id);
  if (at != process.threads.end() && at->id == process.pid) return *at;
  Thread made;
  made.id = process.pid;
  made.start_ticks = process.start_ticks;
  return *process.threads.insert(at, made);
}

}  // namespace

GroupReader::GroupReader(ProcFiles& files, const GroupWishes& wishes)
    : files_(files), wishes_(wishes), page_bytes_(static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))) {}

// A process that goes away meanwhile leaves what was read of it.
template <class Parsed>
bool GroupReader::read(const Result<std::string_view>& text, Result<void> (*parse)(std::string_view, Parsed&),
                       Parsed& out) {
  const auto done = text ? parse(*text, out) : Result<void>(text.error());
  if (!done && !is_gone(done.error())) ++parts_unread_;
  return done.has_value();
}

void GroupReader::add(Process& process, const Stat& stat, Group& group) {
  ++group.processes;
  group.thread_count += stat.threads;
  group.resident += static_cast<std::uint64_t>(std::max(stat.resident_pages, std::int64_t{0})) * page_bytes_;
  group.virtual_size += stat.virtual_bytes;
  group.oldest_ticks = std::min(group.oldest_ticks, stat.start_ticks);
  const bool first = !process.counted;
  add_times(stat, process.last, process.old && first, group.total);
  const auto [state, threads] = std::pair(stat.state, stat.threads);  // the name goes with the next file
  Stat kept;
  kept.state = state;
  kept.threads = threads;
  std::optional<Status> status(std::in_place);
  if (!read(files_.read(process.pid, "status"), parse_status, *status)) status.reset();
  if (status) group.swapped += status->swapped_bytes.value_or(0);
  add_io(process, group);
  add_descriptors(process, group);
  if (wishes_.smaps) add_memory(process, group);
  add_threads(process, kept, group, status);
  process.counted = true;
}

void GroupReader::add_memory(const Process& process, Group& group) {
  const auto text = files_.read(process.pid, "smaps_rollup", ProcFiles::Shape::bytes);
  if (text && text->empty()) return;  // a kernel's thread has no memory of its own
  Proportional memory;
  if (!read(text, parse_smaps_rollup, memory)) return;
  group.proportional += memory.resident_bytes;
  group.proportional_swapped += memory.swapped_bytes;
}

void GroupReader::add_descriptors(const Process& process, Group& group) {
  const auto open = files_.count_descriptors(process.pid);
  if (!open && !is_gone(open.error())) ++parts_unread_;
  if (!open) return;
  group.open_files += *open;
  if (*open == 0) return;
  std::optional<std::uint64_t> limit;
  if (!read(files_.read(process.pid, "limits"), parse_limits, limit) || !limit || *limit == 0) return;
  group.worst_ratio = std::max(group.worst_ratio, static_cast<double>(*open) / static_cast<double>(*limit));
}

void GroupReader::add_io(Process& process, Group& group) {
  Io io;
  if (!read(files_.read(process.pid, "io"), parse_io, io)) return;
  const bool from_here = process.old && !std::exchange(process.io_counted, true);
  group.io_known = true;
  group.total.read_bytes += step(process.last.read_bytes, io.read_bytes, from_here);
  group.total.write_bytes += step(process.last.write_bytes, io.write_bytes, from_here);
}

void GroupReader::add_threads(Process& process, const Stat& stat, Group& group, const std::optional<Status>& status) {
  if (stat.threads <= 1 || (!wishes_.threads && !wishes_.compat))
    return add_only_thread(process, stat.state, group, status);
  const auto ids = files_.threads(process.pid);
  if (!ids) return;
  if (wishes_.compat) group.add_state(stat.state);  // once more
  Switches sum;
  add_each_thread(process, *ids, group, sum);
  if (!wishes_.compat) return;
  // The peer's: when threads have ended the sum is smaller, and the difference wraps.
  const bool from_here = process.old && !process.counted;
  const auto last = from_here ? sum : Switches{process.last.voluntary, process.last.involuntary};
  group.total.voluntary += sum.voluntary - last.voluntary;
  group.total.involuntary += sum.involuntary - last.involuntary;
  process.last.voluntary = sum.voluntary;
  process.last.involuntary = sum.involuntary;
}

// Without a look into task/: all that is told of its threads is told of the process, too.
void GroupReader::add_only_thread(Process& process, char state, Group& group, const std::optional<Status>& status) {
  group.add_state(state);
  if (wishes_.threads) add_wait(process, process.pid, group);
  if (!status) return;
  auto& thread = main_thread(process);
  add_switches(process, thread, *status, group, nullptr);
  process.last.voluntary = status->voluntary_switches;
  process.last.involuntary = status->involuntary_switches;
}

void GroupReader::add_each_thread(Process& process, std::span<const int> ids, Group& group, Switches& sum) {
  threads_.clear();
  auto& before = process.threads;
  std::size_t next = 0;
  for (const int id : ids) {
    while (next < before.size() && before[next].id < id) ++next;
    auto& thread = threads_.emplace_back();
    if (next < before.size() && before[next].id == id) thread = before[next];
    thread.id = id;
    if (!add_thread(process, thread, group, sum)) threads_.pop_back();
  }
  process.threads.assign(threads_.begin(), threads_.end());
}

bool GroupReader::add_thread(Process& process, Thread& thread, Group& group, Switches& sum) {
  Stat stat;
  if (!read(files_.read(process.pid, thread.id, "stat"), parse_stat, stat)) return false;
  if (thread.start_ticks != stat.start_ticks) {  // another one of that number
    thread = Thread();
    thread.id = stat.pid;
    thread.start_ticks = stat.start_ticks;
  }
  group.add_state(stat.state);
  auto& named = group.threads_of(stat.name);
  named.count += wishes_.threads ? 1 : 0;
  // A thread that came after the process was first looked at counts from its own start.
  const bool from_here = process.old && !thread.counted && (!process.counted || thread.id == process.pid);
  add_times(stat, thread.last, from_here, named.total);
  Status status;
  if (read(files_.read(process.pid, thread.id, "status"), parse_status, status)) {
    sum.voluntary += status.voluntary_switches;
    sum.involuntary += status.involuntary_switches;
    add_switches(process, thread, status, group, &named);
  }
  if (wishes_.threads) add_thread_io(process, thread, named);
  add_wait(process, thread.id, group);
  thread.counted = true;
  return true;
}

void GroupReader::add_switches(Process& process, Thread& thread, const Status& status, Group& group,
                               Group::Threads* named) {
  const bool from_here = process.old && !process.counted && !thread.switches_counted;
  thread.switches_counted = true;
  const auto voluntary = step(thread.last.voluntary, status.voluntary_switches, from_here);
  const auto involuntary = step(thread.last.involuntary, status.involuntary_switches, from_here);
  if (named) {
    named->total.voluntary += voluntary;
    named->total.involuntary += involuntary;
  }
  if (named && wishes_.compat) return;  // by their sum
  group.total.voluntary += voluntary;
  group.total.involuntary += involuntary;
}

void GroupReader::add_thread_io(Process& process, Thread& thread, Group::Threads& named) {
  Io io;
  if (!read(files_.read(process.pid, thread.id, "io"), parse_io, io)) return;
  const bool first = !std::exchange(thread.io_counted, true);
  const bool from_here = process.old && first && (!process.counted || thread.id == process.pid);
  named.io_known = true;
  named.total.read_bytes += step(thread.last.read_bytes, io.read_bytes, from_here);
  named.total.write_bytes += step(thread.last.write_bytes, io.write_bytes, from_here);
}

void GroupReader::add_wait(const Process& process, int thread, Group& group) {
  const auto text = files_.read(process.pid, thread, "wchan", ProcFiles::Shape::bytes);
  if (!text) return;
  const auto place = scan::trimmed(*text, " \n");
  if (place.empty() || place == "0") return;
  if (const auto found = group.waits.find(place); found != group.waits.end())
    ++found->second;
  else if (group.waits.size() < Group::most_thread_names)
    group.waits.emplace(place, 1);
}

}  // namespace vitald::process
