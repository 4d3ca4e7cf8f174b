#include "daemon/same_cpu.hpp"

#include <doctest/doctest.h>

#include <semaphore>
#include <thread>

using namespace vitald;

namespace {

int cpus_of(pthread_t thread) {
  cpu_set_t set;
  CPU_ZERO(&set);
  REQUIRE(::pthread_getaffinity_np(thread, sizeof set, &set) == 0);
  return CPU_COUNT(&set);
}

}  // namespace

TEST_CASE("same_cpu: both are bound to one CPU while held, and free where they were before") {
  std::binary_semaphore done{0};
  std::thread reader([&] { done.acquire(); });
  const int before = cpus_of(::pthread_self());
  SameCpu same_cpu;
  same_cpu.hold(reader.native_handle());
  same_cpu.hold(reader.native_handle());  // twice is once
  CHECK(cpus_of(::pthread_self()) == 1);
  CHECK(cpus_of(reader.native_handle()) == 1);
  same_cpu.release();
  CHECK(cpus_of(::pthread_self()) == before);
  same_cpu.release();
  CHECK(cpus_of(::pthread_self()) == before);
  run_anywhere(reader.native_handle());
  CHECK(cpus_of(reader.native_handle()) == before);
  done.release();
  reader.join();
}
