#pragma once
// A thread that runs collectors, one after the other, and keeps what they gave until the loop takes it.
//
// A reader that hangs in the kernel can be left behind: what it has not begun is taken back, and the thread ends by
// itself when its collector returns.
#include "collectors/base/collector.hpp"

#include <pthread.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vitald {

class Reader {
 public:
  using Clock = std::chrono::steady_clock;

  struct Job {
    std::size_t place;  // of the collector, in the daemon's list
    Collector* collector;
    std::shared_ptr<Page> page;
  };
  struct Outcome {
    std::size_t place;
    std::shared_ptr<Page> page;
    State state;
    std::string why;  // of the fault
    Clock::time_point began;
    double began_unix_seconds, duration_seconds;
  };

  // `on_idle` is called on the reader's thread when it has done all it was given; never
  // after the Reader is gone.
  explicit Reader(std::function<void()> on_idle);
  ~Reader();  // drops what has not begun; a thread that hangs goes on by itself, and ends after that
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The rest is for the loop's thread.
  void give(std::vector<Job> jobs);
  std::vector<Job> take_back();  // what has not begun
  void take_outcomes(std::vector<Outcome>& into);
  // When it began the collector that it is at; nothing when it is idle.
  std::optional<Clock::time_point> busy_since() const;
  pthread_t thread() const { return thread_; }
  bool has_more() const;  // whether jobs wait behind the one it is at

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  pthread_t thread_;
};

}  // namespace vitald
