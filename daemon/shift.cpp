#include "daemon/shift.hpp"

#include <pthread.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <csignal>
#include <system_error>

namespace vitald {
namespace {

int made_shift_timer() {
  const int fd = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::system_category(), "timerfd_create");
  return fd;
}

void arm(int timer, std::chrono::nanoseconds after) {  // 0: off
  itimerspec spec{};
  spec.it_value.tv_nsec = static_cast<long>(after.count());
  ::timerfd_settime(timer, 0, &spec, nullptr);
}

bool rings(int timer) {
  std::uint64_t times = 0;
  return ::read(timer, &times, sizeof times) == sizeof times;
}

}  // namespace

Shift::Shift(boost::asio::io_context& loop, Lane& lane, Calls calls)
    : loop_(loop), lane_(lane), calls_(std::move(calls)), waker_(loop, [] {}), timer_(made_shift_timer()) {}

Shift::~Shift() {
  if (thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    arm(timer_, std::chrono::nanoseconds(1));
    thread_.join();
  }
  ::close(timer_);
}

void Shift::run() {
  thread_ = std::thread([this] { stand_in(); });
  ::pthread_setname_np(thread_.native_handle(), "vitald-standin");
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
  while (!loop_.stopped()) {
    if (!lane_.has_more()) {
      loop_.run_one();
      continue;
    }
    loop_.poll();  // who has asked by now shares the reading
    lend();
    lane_.work();
    take_back();
    calls_.read();
  }
}

void Shift::lend() {
  {
    const std::lock_guard lock(mutex_);
    lent_ = true;
  }
  arm(timer_, patience);
}

void Shift::take_back() {
  std::unique_lock lock(mutex_);
  if (taken_) {
    wanted_ = true;
    waker_.wake();
    given_back_.wait(lock, [this] { return !taken_; });
    wanted_ = false;
  }
  lent_ = false;
  lock.unlock();
  arm(timer_, std::chrono::nanoseconds(0));
}

void Shift::stand_in() {
  for (;;) {
    if (!rings(timer_)) continue;  // a signal was handled
    {
      const std::lock_guard lock(mutex_);
      if (ending_) return;
      if (!lent_) continue;  // it rang while it was switched off
      taken_ = true;
    }
    serve_until_wanted();
    {
      const std::lock_guard lock(mutex_);
      taken_ = false;
    }
    given_back_.notify_one();
  }
}

void Shift::serve_until_wanted() {
  calls_.lent();
  while (!loop_.stopped() && !wanted_) loop_.run_one();
  if (loop_.stopped() && !wanted_) calls_.forgot();
}

}  // namespace vitald
