#pragma once
// One inotify instance: the kernel's watches of one tree, and the queue of what they saw.
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vitald::watch {

using Clock = std::chrono::steady_clock;
std::int64_t wall_clock_ns();  // Unix time

// Bytes that were read from an instance, or a mark that all which was there before has been read.
struct Block {
  std::string bytes;
  Clock::time_point after;   // nothing in it is older: the queue was empty then
  Clock::time_point at;      // when it was read
  std::int64_t time_ns = 0;  // the same as Unix time
  std::uint64_t mark = 0;
};

class Instance {
 public:
  static std::shared_ptr<Instance> make(int& error);  // null, and why
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  // The watch of the directory that is open as `fd`; or -errno. By descriptor, so that it is the one that was opened,
  // however long its path is.
  int add(int fd, std::uint32_t mask) const;
  int add(const char* path, std::uint32_t mask) const;
  void remove(int wd) const;

  // All that is there now, of which `buffer` takes so much at once. For one thread.
  void read(std::span<char> buffer, Block& out);
  int fd() const { return fd_; }

 private:
  explicit Instance(int fd) : fd_(fd), empty_at_(Clock::now()) {}
  int fd_;
  Clock::time_point empty_at_;
};

}  // namespace vitald::watch
