// What is read of one process: a file, a link or a call for each kind of columns that is wanted.
#include "collectors/process/process_sampler.hpp"

#include "collectors/base/scan.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace vitald::process {
namespace {

constexpr std::size_t most_of_a_command = 4096;  // in a listing; more of a process that is asked for alone

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

}  // namespace vitald::process
