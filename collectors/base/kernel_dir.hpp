#pragma once
// A directory of /proc or /sys (or of a copy of them), listed anew at every call without allocating once warm.
//
// It stays open between calls only where the kernel itself answers (see KernelFile). What is not a directory is
// refused, no open waits for a pipe's other end, and more names than the cap are a fault.
#include "collectors/base/result.hpp"
#include "collectors/base/scan.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald {

class KernelDir {
 public:
  explicit KernelDir(std::string path, std::size_t cap = 65536);
  ~KernelDir();
  KernelDir(KernelDir&&) noexcept;
  KernelDir(const KernelDir&) = delete;
  KernelDir& operator=(const KernelDir&) = delete;

  // The names in byte order, without "." and "..", good until the next call; whatever they stand for. A Fault names the
  // path, which is good as long as this object stays where it is.
  Result<std::span<const std::string_view>> list();

  // Another directory from now on, listed with the same memory.
  void turn_to(std::string_view path);

  bool live() const { return fd_ >= 0; }  // after a list: whether it was the kernel itself that answered
  const std::string& path() const { return path_; }

 private:
  Result<void> take_names(int fd);
  void close();

  std::string path_, names_;
  std::vector<std::size_t> ends_;
  std::vector<std::string_view> sorted_;
  std::size_t cap_;
  int fd_ = -1;
};

// "cpu17" with the prefix "cpu" is 17; false for other names, and for what no kernel writes ("cpu017").
template <class Number>
bool numbered(std::string_view name, std::string_view prefix, Number& out) {
  if (!name.starts_with(prefix)) return false;
  const auto digits = name.substr(prefix.size());
  if (digits.empty() || digits.front() == '-' || (digits.size() > 1 && digits.front() == '0')) return false;
  return scan::number(digits, out);
}

}  // namespace vitald
