#include "daemon/pid_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <thread>

namespace vitald {
namespace {

using namespace std::chrono_literals;

Refusal wrong(const std::string& path, std::string reason) {
  return {EX_CANTCREAT, "the pid file cannot be used", "file", path, std::move(reason)};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Where anybody may put another file in its place, its number would make others kill whatever he likes.
bool anybody_may_replace(const std::string& path) {
  struct stat folder {};
  return ::stat(folder_of(path).c_str(), &folder) == 0 && (folder.st_mode & S_IWOTH) && !(folder.st_mode & S_ISVTX);
}

// Of who holds the lock; 0: it has not written it yet.
int number_in(int fd) {
  char text[32];
  const auto n = ::pread(fd, text, sizeof text, 0);
  int number = 0;
  if (n > 0) std::from_chars(text, text + n, number);
  return number;
}

Refusal held(int fd, const std::string& path) {
  int holder = 0;
  for (int tries = 0; tries < 20 && (holder = number_in(fd)) == 0; ++tries) std::this_thread::sleep_for(10ms);
  auto reason = std::string("another vitald runs");
  if (holder > 0) reason += ", with pid " + std::to_string(holder);
  return {EX_UNAVAILABLE, "the pid file is locked", "file", path, std::move(reason)};
}

bool same_file(int fd, const std::string& path) {
  struct stat here {
  }, there{};
  return ::fstat(fd, &here) == 0 && ::lstat(path.c_str(), &there) == 0 && here.st_dev == there.st_dev &&
         here.st_ino == there.st_ino;
}

std::string_view fault_of_kind(int fd) {
  struct stat about {};
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return "it is no regular file";
  return about.st_nlink > 1 ? "it has a second name" : "";
}

int opened(const std::string& path) {
  return ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
}

Refusal not_opened(const std::string& path) {
  if (errno == ELOOP) return wrong(path, "it is a symbolic link");
  return refusal_of(errno, EX_CANTCREAT, "the pid file cannot be opened", "file", path);
}

struct Locked {
  int fd = -1;
  Refused refused = {};
};

// Locked, or refused; neither: its last holder removed it between our opening and locking.
Locked lock(const std::string& path) {
  const int fd = opened(path);
  if (fd < 0) return {-1, not_opened(path)};
  Refused refused;
  if (const auto fault = fault_of_kind(fd); !fault.empty())
    refused = wrong(path, std::string(fault));
  else if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    refused = held(fd, path);
  else if (same_file(fd, path))
    return {fd};
  ::close(fd);
  return {-1, std::move(refused)};
}

// The new number over the old one, then cut: no reader finds less than a line.
bool write_number(int fd) {
  const auto line = std::to_string(::getpid()) + "\n";
  const auto size = static_cast<ssize_t>(line.size());
  return ::pwrite(fd, line.data(), line.size(), 0) == size && ::ftruncate(fd, size) == 0;
}

}  // namespace

Refused PidFile::hold(const std::string& path) {
  if (anybody_may_replace(path)) return wrong(path, "anybody may write to its directory");
  Locked locked;
  for (int tries = 0; tries < 100 && locked.fd < 0 && !locked.refused; ++tries) locked = lock(path);
  if (locked.refused) return locked.refused;
  if (locked.fd < 0) return wrong(path, "others create and remove it all the time");
  fd_ = locked.fd, path_ = path;
  if (write_number(fd_)) return {};
  const int error = errno;
  release();
  return refusal_of(error, EX_CANTCREAT, "the pid file cannot be written", "file", path);
}

void PidFile::release() noexcept {
  if (fd_ < 0) return;
  if (same_file(fd_, path_) && ::unlink(path_.c_str()) != 0 && ::ftruncate(fd_, 0) != 0) errno = 0;
  ::close(std::exchange(fd_, -1));
}

}  // namespace vitald
