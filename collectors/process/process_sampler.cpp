#include "collectors/process/process_sampler.hpp"

#include "collectors/base/scan.hpp"
#include "collectors/process/system_facts.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace vitald::process {
namespace {

constexpr std::size_t look_at_clock_after = 64;  // processes
constexpr std::uint32_t wants_more =
    bit(From::memory) | bit(From::statm) | bit(From::smaps) | bit(From::oom) | bit(From::priority);

double unix_now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

ProcessSampler::ProcessSampler(const ProcessPlaces& places, ProcFiles& files)
    : files_(files),
      stat_(places.proc + "/stat"),
      memory_(places.proc + "/meminfo"),
      users_(places.rootfs, places.names),
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

void ProcessSampler::add_counts(ProcessRow& row, const ProcessCounts* since, ProcessCounts& counts) {
  auto& one = counts.all.emplace_back();
  one.pid = row.pid;
  one.start_ticks = static_cast<std::uint32_t>(row.start_ticks);
  const auto after = std::chrono::floor<std::chrono::microseconds>(Clock::now() - counts.began);
  one.after_us = static_cast<std::uint32_t>(after.count());
  one.ticks = static_cast<std::uint32_t>(row.user_ticks + row.system_ticks);
  one.read_bytes = row.read_bytes;
  one.write_bytes = row.write_bytes;
  if (since) rate(row, counts, *since, static_cast<double>(ticks_per_second_));
}

ProcessRow::Piece ProcessSampler::keep(std::string_view text) {
  auto& texts = out_->texts;
  if (texts.size() > most_texts) return {};
  const auto at = static_cast<std::uint32_t>(texts.size());
  texts += text;
  return {at, static_cast<std::uint32_t>(text.size())};
}

}  // namespace vitald::process
