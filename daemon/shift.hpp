#pragma once
// The loop, and which thread has it.
//
// Whoever reads the host has put the loop down before. Mostly the reading is over in less time than it takes to wake
// another thread for it (on virtual machines 100 µs and more, there and back), and the same thread picks the loop up
// again. When it is not over after `patience`, a second thread, the stand-in, picks the loop up and serves on, until
// the first comes back: so the loop waits for no file, and a quick reading costs no other thread.
//
// Only one thread is inside the loop at a time, and all that belongs to the loop is handed on under a lock.
#include "daemon/lane.hpp"
#include "daemon/waker.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <thread>

namespace vitald {

class Shift {
 public:
  // All are called by the thread that has the loop, but not from within one of its handlers.
  struct Calls {
    std::function<void()> read;    // what the lane was given is done
    std::function<void()> lent;    // the reading goes on, and the stand-in has the loop
    std::function<void()> forgot;  // the loop was stopped while the reading still goes on: run() may never return
  };

  // `lane` is what the thread that calls run() reads.
  Shift(boost::asio::io_context& loop, Lane& lane, Calls calls);
  ~Shift();  // after run() has returned, or without it
  Shift(const Shift&) = delete;
  Shift& operator=(const Shift&) = delete;

  // Runs the loop until it is stopped. From then on the process's signals are handled on the stand-in, which never
  // hangs in the kernel.
  void run();

  static constexpr auto patience = std::chrono::milliseconds(5);

 private:
  void lend();
  void take_back();
  void stand_in();
  void serve_until_wanted();

  boost::asio::io_context& loop_;
  Lane& lane_;
  Calls calls_;
  Waker waker_;
  int timer_;  // the stand-in waits for it

  std::mutex mutex_;
  std::condition_variable given_back_;
  bool lent_ = false, taken_ = false, ending_ = false;
  std::atomic<bool> wanted_ = false;
  std::thread thread_;
};

}  // namespace vitald
