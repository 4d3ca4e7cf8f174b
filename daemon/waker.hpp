#pragma once
// Wakes the loop from another thread.
//
// An eventfd of its own, because Asio's way (epoll_ctl from the other thread) makes the woken loop wait for the lock of
// its epoll: measured, a fifth of a scrape's CPU.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <functional>

namespace vitald {

class Waker {
 public:
  // `woken` runs on the loop, at least once after each wake().
  Waker(boost::asio::io_context& loop, std::function<void()> woken);
  void wake();  // from any thread

 private:
  void wait();
  boost::asio::posix::stream_descriptor event_;
  std::function<void()> woken_;
  std::uint64_t times_ = 0;
};

}  // namespace vitald
