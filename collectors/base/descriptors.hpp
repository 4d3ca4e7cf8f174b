#pragma once
// How many files of devices may stay open, all collectors together.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>

namespace vitald {

class Descriptors {
 public:
  static constexpr int most = 1024;

  // A quarter of what the process may open at the most: connections need the rest.
  Descriptors() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) left_ = static_cast<int>(std::min<rlim_t>(files.rlim_cur / 4, most));
  }
  explicit Descriptors(int allowed) : left_(allowed) {}

  bool take() {
    if (left_.fetch_sub(1, std::memory_order_relaxed) > 0) return true;
    give_back();
    return false;
  }
  void give_back() { left_.fetch_add(1, std::memory_order_relaxed); }
  int left() const { return left_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> left_{0};
};

}  // namespace vitald
