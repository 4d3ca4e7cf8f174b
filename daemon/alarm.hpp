#pragma once
// One wake-up at the earliest of several times. Built on a timerfd of its own, because Asio leaves a cancelled
// timer armed in the kernel, and a daemon that nobody asks must not wake.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <chrono>
#include <functional>

namespace vitald {

// The loop's thread only.
class Alarm {
 public:
  using Clock = std::chrono::steady_clock;
  Alarm(boost::asio::io_context& loop, std::function<void()> ring);
  // Rings once, at `when`; a new call moves it. time_point::max() switches it off.
  void set(Clock::time_point when);

 private:
  void wait();
  boost::asio::posix::stream_descriptor timer_;
  std::function<void()> ring_;
  Clock::time_point set_for_ = Clock::time_point::max();
};

}  // namespace vitald
