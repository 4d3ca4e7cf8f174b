#include "daemon/same_cpu.hpp"

namespace vitald {
namespace {

bool bind(pthread_t thread, int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<unsigned>(cpu), &one);
  return ::pthread_setaffinity_np(thread, sizeof one, &one) == 0;
}

}  // namespace

void SameCpu::hold(pthread_t reader) {
  const int cpu = ::sched_getcpu();
  if (held_ || cpu < 0 || cpu >= CPU_SETSIZE) return;
  if (::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
  if ((cpu != cpu_ || !::pthread_equal(reader, reader_)) && !bind(reader, cpu)) return;
  cpu_ = cpu;
  reader_ = reader;
  held_ = bind(::pthread_self(), cpu);
}

void SameCpu::release() {
  if (held_) ::sched_setaffinity(0, sizeof before_, &before_);
  held_ = false;
}

void run_anywhere(pthread_t reader) {
  cpu_set_t all;
  if (::sched_getaffinity(0, sizeof all, &all) == 0)  // the loop's own, which is not held
    ::pthread_setaffinity_np(reader, sizeof all, &all);
}

}  // namespace vitald
