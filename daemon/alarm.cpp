#include "daemon/alarm.hpp"

#include <sys/timerfd.h>

#include <algorithm>
#include <system_error>

namespace vitald {
namespace {

int made_timer() {
  const int fd = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (fd < 0) throw std::system_error(errno, std::system_category(), "timerfd_create");
  return fd;
}

}  // namespace

Alarm::Alarm(boost::asio::io_context& loop, std::function<void()> ring)
    : timer_(loop, made_timer()), ring_(std::move(ring)) {
  wait();
}

void Alarm::set(Clock::time_point when) {
  if (when == set_for_) return;
  set_for_ = when;
  itimerspec spec{};
  if (when != Clock::time_point::max()) {  // libstdc++'s steady clock is CLOCK_MONOTONIC; 0 would switch it off
    const auto ns = std::max<std::int64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count(), 1);
    spec.it_value = {ns / 1'000'000'000, ns % 1'000'000'000};
  }
  ::timerfd_settime(timer_.native_handle(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

void Alarm::wait() {
  timer_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code ec) {
    if (ec) return;
    std::uint64_t times = 0;
    const bool rang = ::read(timer_.native_handle(), &times, sizeof times) == sizeof times;
    wait();
    if (!rang) return;  // it was moved after it had gone off
    set_for_ = Clock::time_point::max();
    ring_();
  });
}

}  // namespace vitald
