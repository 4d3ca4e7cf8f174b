#pragma once
// Keeps the loop and the reader that it waits for on one CPU for as long as the reading takes.
//
// The two take turns, and each turn on another CPU wakes that CPU from its sleep: on virtual machines that can cost
// more than the reading itself (measured back to back: 200 µs there and back, against 8). Where the kernel or a sandbox
// refuses, everything runs where it likes.
#include <pthread.h>
#include <sched.h>

namespace vitald {

// The loop's thread only. It is bound to no CPU but between hold() and release().
class SameCpu {
 public:
  void hold(pthread_t reader);  // before the reader is woken: one that runs would be moved at a price
  void release();               // the loop may run where it might before

 private:
  cpu_set_t before_{};
  pthread_t reader_ = 0;
  int cpu_ = -1;  // where the reader may run
  bool held_ = false;
};

// Takes the bond off a reader that is left behind.
void run_anywhere(pthread_t reader);

}  // namespace vitald
