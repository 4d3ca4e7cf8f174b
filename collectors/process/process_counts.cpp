#include "collectors/process/process_counts.hpp"

#include <algorithm>

namespace vitald {
namespace {

float per_second(std::uint64_t now, std::uint64_t before, double seconds) {
  if (now == not_known || before == not_known || now < before) return -1;
  return static_cast<float>(static_cast<double>(now - before) / seconds);
}

}  // namespace

const ProcessCounts::One* ProcessCounts::find(int pid, std::uint32_t start_ticks) const {
  const auto at = std::ranges::lower_bound(all, pid, {}, &One::pid);
  return at != all.end() && at->pid == pid && at->start_ticks == start_ticks ? &*at : nullptr;
}

void rate(ProcessRow& row, const ProcessCounts& now, const ProcessCounts& before, double ticks_per_second) {
  const auto& one = now.all.back();
  const auto* const then = before.find(one.pid, one.start_ticks);
  if (!then || now.when(one) <= before.when(*then)) return;
  const double seconds = std::chrono::duration<double>(now.when(one) - before.when(*then)).count();
  const auto ticks = static_cast<std::int32_t>(one.ticks - then->ticks);  // below 0: the counter fell
  row.cpu_percent = ticks < 0 ? -1 : static_cast<float>(ticks * 100 / (seconds * ticks_per_second));
  row.read_per_second = per_second(one.read_bytes, then->read_bytes, seconds);
  row.write_per_second = per_second(one.write_bytes, then->write_bytes, seconds);
}

void RememberedCounts::add(std::shared_ptr<const ProcessCounts> counts) {
  if (newer_ && counts->began - newer_->began < least_age) return;
  older_ = std::move(newer_);
  newer_ = std::move(counts);
}

std::shared_ptr<const ProcessCounts> RememberedCounts::before(Clock::time_point now) const {
  for (const auto& each : {newer_, older_})
    if (each && now - each->began >= least_age) return now - each->began <= most_age ? each : nullptr;
  return nullptr;
}

}  // namespace vitald
