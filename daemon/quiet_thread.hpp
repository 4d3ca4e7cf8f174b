#pragma once
// A thread that handles no signals: those are the loop's.
#include <pthread.h>

#include <csignal>
#include <thread>
#include <utility>

namespace vitald {

// `name` has at most 15 characters. Throws std::system_error where there can be no more threads.
template <class Work>
std::thread quiet_thread(const char* name, Work work) {
  struct Quiet {
    Quiet() {
      sigset_t all;
      ::sigfillset(&all);
      ::pthread_sigmask(SIG_SETMASK, &all, &before);
    }
    ~Quiet() { ::pthread_sigmask(SIG_SETMASK, &before, nullptr); }
    sigset_t before;
  } quiet;
  std::thread thread(std::move(work));
  ::pthread_setname_np(thread.native_handle(), name);
  return thread;
}

}  // namespace vitald
