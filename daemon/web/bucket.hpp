#pragma once
// rate_limit: so many requests at once, and one more with each interval.
#include <algorithm>
#include <chrono>
#include <cstdint>

namespace vitald {

class Bucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Bucket() = default;  // lets everything in
  Bucket(std::chrono::nanoseconds interval, std::uint32_t burst, Time now)
      : interval_(interval), burst_(burst), tokens_(burst), filled_(now) {}

  bool take(Time now) {
    if (interval_.count() <= 0 || burst_ == 0) return true;
    const auto came = (now - filled_) / interval_;
    tokens_ = std::min<std::int64_t>(burst_, tokens_ + came);
    filled_ = tokens_ == burst_ ? now : filled_ + came * interval_;
    if (tokens_ == 0) return false;
    --tokens_;
    return true;
  }

 private:
  std::chrono::nanoseconds interval_{};
  std::int64_t burst_ = 0, tokens_ = 0;
  Time filled_{};
};

}  // namespace vitald
