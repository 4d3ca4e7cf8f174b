#pragma once
// What rates are counted from.
#include "collectors/base/process_source.hpp"

#include <chrono>
#include <vector>

namespace vitald {

struct ProcessCounts {
  using Clock = std::chrono::steady_clock;
  // Two of it are kept for each process, so it is small: of ticks the lower half tells two processes of one number
  // apart, and what was used between two passes.
  struct One {
    int pid = 0;
    std::uint32_t start_ticks = 0, ticks = 0;
    std::uint32_t after_us = 0;  // since the pass began
    std::uint64_t read_bytes = not_known, write_bytes = not_known;
  };
  Clock::time_point began;
  std::vector<One> all;  // by pid

  const One* find(int pid, std::uint32_t start_ticks) const;
  Clock::time_point when(const One& one) const { return began + std::chrono::microseconds(one.after_us); }
};

// The rates from `before` to the last of `now`, if that was the same process.
void rate(ProcessRow& row, const ProcessCounts& now, const ProcessCounts& before, double ticks_per_second);

// Of the last passes, so that there is one to count from that is old enough.
class RememberedCounts {
 public:
  using Clock = ProcessCounts::Clock;
  static constexpr auto least_age = std::chrono::seconds(1), most_age = std::chrono::seconds(60);

  void add(std::shared_ptr<const ProcessCounts> counts);
  std::shared_ptr<const ProcessCounts> before(
      Clock::time_point now) const;  // the newest that is old enough; null: none

 private:
  std::shared_ptr<const ProcessCounts> newer_, older_;
};

}  // namespace vitald
