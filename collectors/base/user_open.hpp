#pragma once
// How files of a user's choice are opened: without waiting for anybody, and through links or not.
#include "collectors/base/user_files.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace vitald {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  operator int() const { return fd_; }

 private:
  int fd_;
};

inline int open_path(const char* path, int flags, Links links) {
  flags |= O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  if (links == Links::follow) return ::open(path, flags);
  open_how how{};
  how.flags = static_cast<unsigned>(flags);
  how.resolve = RESOLVE_NO_SYMLINKS;
  return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how));
}

inline std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

inline FileStamp stamp_of(const struct stat& about) {
  return {nanoseconds(about.st_ctim), nanoseconds(about.st_mtim), static_cast<std::uint64_t>(about.st_size),
          static_cast<std::uint64_t>(about.st_ino), static_cast<std::uint64_t>(about.st_dev)};
}

}  // namespace vitald
