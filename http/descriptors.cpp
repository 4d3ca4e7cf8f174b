#include "http/descriptors.hpp"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace vitald::http {

std::size_t descriptor_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  return descriptor_limit();
}

void Reserve::hold() {
  if (fd_ < 0) fd_ = ::eventfd(0, EFD_CLOEXEC);
}

bool Reserve::give_up() {
  const int held = std::exchange(fd_, -1);
  return held >= 0 && ::close(held) == 0;
}

}  // namespace vitald::http
