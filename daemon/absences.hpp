#pragma once
// Collectors whose file or folder of the kernel's is not there need not look for it again as long as the kernel tells
// of nothing new. Decisions only: no I/O, and time is an argument.
#include "collectors/base/uevents.hpp"
#include "http/readings.hpp"

#include <chrono>
#include <vector>

namespace vitald {

class Absences {
 public:
  using Clock = std::chrono::steady_clock;
  using Selection = http::Selection;

  // What a module makes is there when its event is told, but before Linux 5.12 it came a moment after it. And what came
  // without an event is found by looking now and then.
  struct Times {
    Clock::duration settling = std::chrono::seconds(2), look_again = std::chrono::minutes(1);
  };
  Absences() : Absences(Times{}) {}
  explicit Absences(Times times) : times_(times) {}

  // What a reading found that began then: nothing, where only the kernel could put something, or anything else.
  void found(std::size_t collector, bool nothing, Clock::time_point began);
  bool any() const { return absent_.any(); }
  void forget() { absent_.reset(); }

  // Those that are still absent, by what the kernel has told until now.
  Selection still(Uevents::News news, Clock::time_point now);

 private:
  Times times_;
  Selection absent_;
  std::vector<Clock::time_point> began_ = std::vector<Clock::time_point>(Selection().size());
  Clock::time_point news_{};
};

}  // namespace vitald
