#pragma once
// What stands between the loop and a thread that reads: a list of jobs and one of what came of them.
//
// Its lock is never held while a collector runs.
#include "collectors/base/collector.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace vitald {

class Lane {
 public:
  using Clock = std::chrono::steady_clock;

  struct Job {
    std::size_t place;  // of the collector, in the daemon's list
    Collector* collector;
    std::shared_ptr<Page> page;
    std::uint32_t set = 0;  // whose collector it is: the daemon's sets are numbered
    Clock::time_point given = {};
    double given_unix_seconds = 0;  // the same moment
  };
  struct Outcome {
    std::size_t place;
    std::shared_ptr<Page> page;
    State state;
    std::string why;  // of the fault
    Clock::time_point began;
    double began_unix_seconds, duration_seconds;
    std::uint32_t set;
    bool kernel_lacks_it = false;  // what it reads is not there, and only the kernel could bring it
  };

  // Runs what was given, one after the other, until nothing is left. The thread that reads.
  void work();

  // The rest is for the loop.
  void give(std::vector<Job> jobs);
  std::vector<Job> take_back();  // what has not begun
  void take_outcomes(std::vector<Outcome>& into);
  std::optional<Clock::time_point> busy_since() const;  // when the collector began that it is at; none: idle
  bool has_more() const;                                // whether jobs wait behind the one it is at
  bool idle() const;                                    // neither

 private:
  mutable std::mutex mutex_;
  std::deque<Job> jobs_;
  std::vector<Outcome> outcomes_;
  std::optional<Clock::time_point> busy_since_;
};

}  // namespace vitald
