#include "collectors/process/process_table.hpp"

#include <algorithm>
#include <functional>

namespace vitald::process {

void ProcessTable::begin() {
  std::swap(now_, before_);
  now_.clear();
  next_before_ = 0;
}

// Both lists go up by pid, so that one walk along them finds who is the same.
Process* ProcessTable::take(int pid, Stat& stat) {
  const auto text = files_.read(pid, "stat");
  const auto parsed = text ? parse_stat(*text, stat) : Result<void>(text.error());
  if (!parsed) {
    if (!is_gone(parsed.error())) ++unread_;
    return nullptr;
  }
  while (next_before_ < before_.size() && before_[next_before_].pid < pid) ++next_before_;
  const bool same = next_before_ < before_.size() && before_[next_before_].pid == pid &&
                    before_[next_before_].start_ticks == stat.start_ticks;
  auto& process = same ? now_.emplace_back(std::move(before_[next_before_])) : now_.emplace_back();
  process.pid = pid;
  process.parent = stat.parent;
  process.start_ticks = stat.start_ticks;
  if (!same) process.old = first_;
  return &process;
}

void ProcessTable::end() {
  before_.clear();
  first_ = false;
}

Process* ProcessTable::find(int pid) {
  const auto at = std::ranges::lower_bound(now_, pid, {}, &Process::pid);
  return at != now_.end() && at->pid == pid ? &*at : nullptr;
}

}  // namespace vitald::process
