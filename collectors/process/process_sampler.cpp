#include "collectors/process/process_sampler.hpp"

#include "collectors/base/scan.hpp"
#include "collectors/process/system_facts.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace vitald::process {
namespace {

constexpr std::size_t most_of_a_command = 4096;  // in a listing; more of a process that is asked for alone
constexpr std::size_t most_texts = std::size_t{1} << 28;
constexpr std::size_t look_at_clock_after = 64;  // processes
constexpr std::uint32_t wants_more =
    bit(From::memory) | bit(From::statm) | bit(From::smaps) | bit(From::oom) | bit(From::priority);

double unix_now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// The path in the one hierarchy of cgroup 2 if the process is in one, else the first line's.
std::string_view cgroup_of(std::string_view text) {
  std::string_view first;
  while (!text.empty()) {
    auto line = scan::take_line(text);
    const bool unified = line.starts_with("0::");
    scan::take_until(line, ':');
    scan::take_until(line, ':');
    if (unified && line.size() > 1) return line;
    if (first.size() <= 1) first = line;
  }
  return first;
}

}  // namespace

ProcessSampler::ProcessSampler(const ProcessPlaces& places, ProcFiles& files)
    : files_(files),
      stat_(places.proc + "/stat"),
      memory_(places.proc + "/meminfo"),
      users_(places.rootfs),
      secrets_(places.secrets),
      page_bytes_(static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))),
      ticks_per_second_(static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK))) {}

Result<void> ProcessSampler::pass(const SampleWish& wish, const ProcessCounts* since, ProcessSample& out,
                                  ProcessCounts& counts) {
  out_ = &out;
  only_ = wish.only != 0;
  if (const auto begun = begin(wish); !begun) return begun;
  const auto end = Clock::now() + wish.patience;
  counts.began = Clock::now();
  if (since) out.interval_seconds = std::chrono::duration<double>(counts.began - since->began).count();
  std::vector<int> pids{wish.only};
  if (const auto all = only_ ? Result<std::span<const int>>(pids) : files_.processes(); !all)
    return all.error();
  else if (!only_)
    pids.assign(all->begin(), all->end());
  std::size_t seen = 0;
  for (const int pid : pids) {
    if (++seen % look_at_clock_after == 0 && Clock::now() > end) {
      out.complete = false;
      break;
    }
    if (add(pid)) add_counts(out.rows.back(), since, counts);
  }
  for (const auto& row : out.rows)
    for (const auto user : row.users)
      if (user != unknown_id && !out.users.contains(user)) out.users.emplace(user, users_.of(user));
  return {};
}

Result<void> ProcessSampler::begin(const SampleWish& wish) {
  auto& out = *out_;
  out.wants = wish.wants;
  out.sampled_at_seconds = unix_now();
  out.ticks_per_second = ticks_per_second_;
  users_.forget();
  if (const auto opened = files_.open(); !opened) return opened;
  const auto stat = stat_.read();
  if (!stat) return stat.error();
  if (const auto parsed = parse_boot_seconds(*stat, out.boot_seconds); !parsed) return parsed;
  if (const auto text = memory_.read()) static_cast<void>(parse_memory_bytes(*text, out.memory_bytes));
  return {};
}

bool ProcessSampler::add(int pid) {
  FullStat stat;
  const auto text = files_.read(pid, "stat");
  const auto parsed = text ? parse_full_stat(*text, stat) : Result<void>(text.error());
  if (!parsed) {
    if (!is_gone(parsed.error())) ++out_->unread;
    return false;
  }
  auto& row = out_->rows.emplace_back();
  fill(stat, row);
  ProcessMore more;
  if (wanted(From::status) || wanted(From::memory) || wanted(From::switches)) add_status(row, more);
  if (wanted(From::switches)) add_switches(row);
  if (wanted(From::io)) add_io(row);
  if (wanted(From::descriptors)) add_descriptors(row);
  if (wanted(From::owner)) add_owner(row);
  add_texts(row);
  if ((out_->wants & wants_more) == 0) return true;
  add_more(row, more);
  out_->more.push_back(more);
  return true;
}

void ProcessSampler::fill(const FullStat& stat, ProcessRow& row) {
  row.pid = stat.pid;
  row.parent = stat.parent;
  row.process_group = stat.process_group;
  row.session = stat.session;
  row.state = stat.state;
  row.nice = static_cast<std::int8_t>(stat.nice);
  row.priority = static_cast<std::int16_t>(stat.priority);
  row.realtime_priority = static_cast<std::uint16_t>(stat.realtime_priority);
  row.threads = static_cast<std::uint32_t>(stat.threads);
  row.processor = static_cast<std::uint32_t>(stat.processor);
  row.start_ticks = stat.start_ticks;
  row.user_ticks = stat.user_ticks;
  row.system_ticks = stat.system_ticks;
  row.children_user_ticks = stat.children_user_ticks;
  row.children_system_ticks = stat.children_system_ticks;
  row.minor_faults = stat.minor_faults;
  row.major_faults = stat.major_faults;
  row.virtual_bytes = stat.virtual_bytes;
  row.resident_bytes = static_cast<std::uint64_t>(std::max(stat.resident_pages, std::int64_t{0})) * page_bytes_;
  row.name = keep(stat.name);
  if (stat.terminal != 0) row.terminal = keep(terminal_name(static_cast<std::uint32_t>(stat.terminal)));
}

void ProcessSampler::note(ProcessRow& row, From from, const Fault& fault) const {
  if (is_refused(fault)) row.refused |= bit(from);
}

template <class Parsed>
bool ProcessSampler::read(ProcessRow& row, From from, std::string_view file,
                          Result<void> (*parse)(std::string_view, Parsed&), Parsed& out) {
  const auto text = files_.read(row.pid, file, ProcFiles::Shape::bytes);
  const auto done = text ? parse(*text, out) : Result<void>(text.error());
  if (!done) note(row, from, done.error());
  return done.has_value();
}

void ProcessSampler::add_status(ProcessRow& row, ProcessMore& more) {
  FullStatus status;
  const auto text = files_.read(row.pid, "status");
  const auto parsed = text ? parse_full_status(*text, status) : Result<void>(text.error());
  if (!parsed) return note(row, From::status, parsed.error());
  std::ranges::copy(status.users, row.users);
  std::ranges::copy(status.groups, row.groups);
  row.voluntary = status.voluntary_switches;
  row.involuntary = status.involuntary_switches;
  if (!wanted(From::memory)) return;
  more.peak_virtual = status.peak_virtual.value_or(not_known);
  more.peak_resident = status.peak_resident.value_or(not_known);
  more.anonymous = status.anonymous.value_or(not_known);
  more.file = status.file.value_or(not_known);
  more.shmem = status.shmem.value_or(not_known);
  more.swap = status.swap.value_or(not_known);
  more.hugetlb = status.hugetlb.value_or(not_known);
  more.processors = keep(status.processors);
}

// Those in the process's own file are its main thread's alone.
void ProcessSampler::add_switches(ProcessRow& row) {
  if (row.threads <= 1 || row.voluntary == not_known) return;
  const auto threads = files_.threads(row.pid);
  if (!threads) return;
  const std::vector<int> ids(threads->begin(), threads->end());
  std::uint64_t voluntary = 0, involuntary = 0;
  for (const int id : ids) {
    Status status;
    const auto text = files_.read(row.pid, id, "status");
    if (!text || !parse_status(*text, status)) continue;
    voluntary += status.voluntary_switches;
    involuntary += status.involuntary_switches;
  }
  row.voluntary = voluntary;
  row.involuntary = involuntary;
}

void ProcessSampler::add_io(ProcessRow& row) {
  FullIo io;
  if (!read(row, From::io, "io", parse_full_io, io)) return;
  row.reads = io.reads;
  row.writes = io.writes;
  row.read_bytes = io.read_bytes;
  row.write_bytes = io.write_bytes;
  row.read_chars = io.read_chars;
  row.write_chars = io.write_chars;
  row.cancelled_write_bytes = io.cancelled_write_bytes;
}

void ProcessSampler::add_descriptors(ProcessRow& row) {
  const auto count = files_.count_descriptors(row.pid);
  if (!count) return note(row, From::descriptors, count.error());
  row.descriptors = static_cast<std::uint32_t>(*count);
}

void ProcessSampler::add_owner(ProcessRow& row) {
  if (const auto owner = files_.owner(row.pid)) row.owner = *owner;
}

void ProcessSampler::add_texts(ProcessRow& row) {
  if (wanted(From::command)) add_command(row);
  if (wanted(From::exe)) add_link(row, From::exe, "exe", row.exe);
  if (wanted(From::cwd)) add_link(row, From::cwd, "cwd", row.cwd);
  if (wanted(From::cgroup)) add_cgroup(row);
  constexpr std::string_view deleted = " (deleted)";
  if (!out_->text(row.exe).ends_with(deleted)) return;
  row.exe.size -= static_cast<std::uint32_t>(deleted.size());
  row.exe_deleted = true;
}

void ProcessSampler::add_command(ProcessRow& row) {
  const auto text = files_.read(row.pid, "cmdline", ProcFiles::Shape::bytes);
  if (!text) return note(row, From::command, text.error());
  auto command = parse_command(*text);
  const auto most = only_ ? ProcFiles::most_bytes - 1 : most_of_a_command;
  row.command_cut = command.size() > most;
  command = command.substr(0, most);
  auto& texts = out_->texts;
  if (texts.size() > most_texts) return;
  const auto at = texts.size();
  secrets_.append_command(command, texts);
  row.command = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(texts.size() - at)};
}

void ProcessSampler::add_link(ProcessRow& row, From from, std::string_view file, ProcessRow::Piece& out) {
  const auto target = files_.link(row.pid, file);
  if (!target) return note(row, from, target.error());
  out = keep(*target);
}

void ProcessSampler::add_cgroup(ProcessRow& row) {
  const auto text = files_.read(row.pid, "cgroup", ProcFiles::Shape::bytes);
  if (!text) return note(row, From::cgroup, text.error());
  row.cgroup = keep(cgroup_of(*text));
}

void ProcessSampler::add_more(ProcessRow& row, ProcessMore& more) {
  if (PagesOf pages; wanted(From::statm) && read(row, From::statm, "statm", parse_statm, pages)) {
    more.shared = pages.shared * page_bytes_;
    more.text = pages.text * page_bytes_;
    more.data = pages.data * page_bytes_;
  }
  if (Footprint footprint; wanted(From::smaps) && read(row, From::smaps, "smaps_rollup", parse_footprint, footprint)) {
    more.unique = footprint.unique_bytes;
    more.proportional = footprint.proportional_bytes;
    more.proportional_swap = footprint.proportional_swap_bytes;
  }
  if (wanted(From::oom)) add_oom(row, more);
  if (wanted(From::priority)) add_priority(more, row.pid);
}

void ProcessSampler::add_oom(ProcessRow& row, ProcessMore& more) {
  if (const auto text = files_.read(row.pid, "oom_score"))
    static_cast<void>(scan::number(scan::trimmed(*text, "\n"), more.oom_score));
  else
    note(row, From::oom, text.error());
  if (const auto text = files_.read(row.pid, "oom_score_adj"))
    static_cast<void>(scan::number(scan::trimmed(*text, "\n"), more.oom_score_adj));
}

// Asked of the kernel by number, which means something where its /proc is our own.
void ProcessSampler::add_priority(ProcessMore& more, int pid) {
  if (!files_.numbers_are_ours()) return;
  constexpr int of_process = 1, class_shift = 13;
  const auto both = ::syscall(SYS_ioprio_get, of_process, pid);
  if (both < 0) return;
  more.io_class = static_cast<std::int8_t>(both >> class_shift);
  more.io_level = static_cast<std::int8_t>(both & 7);
}

void ProcessSampler::add_counts(ProcessRow& row, const ProcessCounts* since, ProcessCounts& counts) {
  auto& one = counts.all.emplace_back();
  one.pid = row.pid;
  one.start_ticks = row.start_ticks;
  one.at = Clock::now();
  one.ticks = row.user_ticks + row.system_ticks;
  one.read_bytes = row.read_bytes;
  one.write_bytes = row.write_bytes;
  if (since) rate(row, one, *since, static_cast<double>(ticks_per_second_));
}

ProcessRow::Piece ProcessSampler::keep(std::string_view text) {
  auto& texts = out_->texts;
  if (texts.size() > most_texts) return {};
  const auto at = static_cast<std::uint32_t>(texts.size());
  texts += text;
  return {at, static_cast<std::uint32_t>(text.size())};
}

}  // namespace vitald::process
