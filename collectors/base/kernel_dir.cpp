#include "collectors/base/kernel_dir.hpp"

#include "collectors/base/kernel_file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace vitald {

KernelDir::KernelDir(std::string path, std::size_t cap) : path_(std::move(path)), cap_(cap) {}

KernelDir::~KernelDir() { close(); }

KernelDir::KernelDir(KernelDir&& from) noexcept
    : path_(std::move(from.path_)), cap_(from.cap_), fd_(std::exchange(from.fd_, -1)) {}

void KernelDir::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void KernelDir::turn_to(std::string_view path) {
  if (path == path_) return;
  close();
  path_.assign(path);
}

Result<std::span<const std::string_view>> KernelDir::list() {
  // A kept descriptor of a folder that is gone lists nothing, also when another has come in its place: ask by name.
  if (fd_ >= 0 && (::lseek(fd_, 0, SEEK_SET) != 0 || !take_names(fd_) || ends_.empty())) close();
  if (fd_ < 0) {
    const int fd = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return errno == ENOTDIR ? Fault{Parse::not_a_file, path_} : system_fault(path_);
    const auto taken = take_names(fd);
    if (taken && may_stay_open(fd))
      fd_ = fd;
    else
      ::close(fd);
    if (!taken) return taken.error();
  }
  sorted_.clear();
  std::size_t from = 0;
  for (const auto end : ends_) {
    sorted_.push_back(std::string_view(names_).substr(from, end - from));
    from = end;
  }
  std::sort(sorted_.begin(), sorted_.end());
  return std::span<const std::string_view>(sorted_);
}

Result<void> KernelDir::take_names(int fd) {
  names_.clear();
  ends_.clear();
  alignas(dirent64) char chunk[8192];
  // /proc and /sys stop for want of room, or of names: where one more would have fitted, that was the end.
  constexpr std::size_t most_of_entry = sizeof(dirent64);
  for (;;) {
    const auto size = ::getdents64(fd, chunk, sizeof chunk);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return system_fault(path_);
    if (size == 0) return {};
    const bool all = fd == fd_ && static_cast<std::size_t>(size) + most_of_entry < sizeof chunk;
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(chunk + at);
      at += entry->d_reclen;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (ends_.size() == cap_) return Fault{Parse::too_large, path_};
      names_.append(name);
      ends_.push_back(names_.size());
    }
    if (all) return {};
  }
}

}  // namespace vitald
