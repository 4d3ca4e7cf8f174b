#pragma once
// Keeps a message that comes again and again from filling the log: the same line is written a few times within a
// minute, then only counted, and told once with the count.
//
// There is no timer, because a daemon that nobody asks must not wake: the count is told with the next line of the log.
#include "daemon/log_record.hpp"

namespace vitald {

class LogRepeats {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Say : std::uint8_t { it, for_the_last_time, nothing };

  // A line that was held back, and how often.
  struct Held {
    LogRecord::Level level;
    std::string message;
    std::vector<std::pair<std::string, std::string>> fields;
    std::uint64_t times;
  };

  Say seen(const LogRecord& record, Clock::time_point now);
  // What was held back in minutes that are over by now; it is forgotten here.
  std::vector<Held> over(Clock::time_point now);

  static constexpr unsigned most = 5;
  static constexpr auto interval = std::chrono::minutes(1);
  static constexpr std::size_t most_known = 64;  // lines looked after; what comes beyond is written

 private:
  struct Known {
    std::size_t hash;
    Clock::time_point since;
    std::uint64_t times = 0;
    Held held = {};  // filled when there is something to tell
  };
  std::vector<Known> known_;
};

}  // namespace vitald
