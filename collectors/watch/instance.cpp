#include "collectors/watch/instance.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <iterator>

namespace vitald::watch {

std::int64_t wall_clock_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

std::shared_ptr<Instance> Instance::make(int& error) {
  const int fd = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  error = fd < 0 ? errno : 0;
  return fd < 0 ? nullptr : std::shared_ptr<Instance>(new Instance(fd));
}

Instance::~Instance() { ::close(fd_); }

int Instance::add(const char* path, std::uint32_t mask) const {
  const int wd = ::inotify_add_watch(fd_, path, mask);
  return wd < 0 ? -errno : wd;
}

int Instance::add(int fd, std::uint32_t mask) const {
  char path[32] = "/proc/self/fd/";
  constexpr std::size_t start = sizeof "/proc/self/fd/" - 1;
  *std::to_chars(path + start, std::end(path) - 1, fd).ptr = '\0';
  return add(path, mask);
}

void Instance::remove(int wd) const { ::inotify_rm_watch(fd_, wd); }

void Instance::read(std::span<char> buffer, Block& out) {
  out.after = empty_at_;
  for (;;) {
    const auto begun = Clock::now();
    const auto size = ::read(fd_, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size > 0) out.bytes.append(buffer.data(), static_cast<std::size_t>(size));
    // One that leaves room for the largest event has taken all.
    if (size > 0 && buffer.size() - static_cast<std::size_t>(size) < sizeof(inotify_event) + 256) continue;
    empty_at_ = begun;
    break;
  }
  out.at = Clock::now();
  out.time_ns = wall_clock_ns();
}

}  // namespace vitald::watch
