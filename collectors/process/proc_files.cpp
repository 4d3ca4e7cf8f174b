#include "collectors/process/proc_files.hpp"

#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace vitald::process {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

char* append(char* to, char* end, std::string_view text) {
  text = text.substr(0, static_cast<std::size_t>(end - to));
  return std::copy(text.begin(), text.end(), to);
}

}  // namespace

bool is_gone(const Fault& fault) {
  const int code = fault.code.value();
  return fault.code.category() == boost::system::system_category() && (code == ENOENT || code == ESRCH);
}

bool is_refused(const Fault& fault) { return state_of(fault) == State::permission; }

ProcFiles::ProcFiles(std::string root) : path_(std::move(root)), buffer_(4096, '\0'), entries_(8192, '\0') {}

ProcFiles::~ProcFiles() { close(); }

void ProcFiles::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<void> ProcFiles::open() {
  if (fd_ >= 0 && live_ && ::lseek(fd_, 0, SEEK_SET) == 0) return {};
  close();
  fd_ = ::open(path_.c_str(), folder_flags);
  if (fd_ < 0) return system_fault(path_);
  live_ = kernel_serves(fd_);
  if (!std::exchange(learned_, true)) learn_what_sizes_mean();
  return {};
}

// Asked of ourselves: as many as a listing shows, less the one that lists.
void ProcFiles::learn_what_sizes_mean() {
  struct stat about {};
  char self[16] = {};
  int number = 0;
  if (live_ && ::readlinkat(fd_, "self", self, sizeof self - 1) > 0)
    numbers_are_ours_ = scan::number(std::string_view(self), number) && number == ::getpid();
  for (int trial = 0; trial < 3 && live_ && !counts_by_size_; ++trial) {  // another thread may open a file meanwhile
    if (::fstatat(fd_, "self/fd", &about, 0) != 0) return;
    const auto listed = count_by_listing("self/fd");
    counts_by_size_ = listed && *listed == static_cast<std::uint64_t>(about.st_size) + 1;
  }
}

Result<std::span<const int>> ProcFiles::processes() {
  if (const auto opened = open(); !opened) return opened.error();
  if (const auto listed = list(fd_, 1, pids_); !listed) return listed.error();
  return std::span<const int>(pids_);
}

Result<std::span<const int>> ProcFiles::threads(int pid) {
  name(pid, "task");
  const Descriptor folder{::openat(fd_, below_, folder_flags)};
  if (folder.number < 0) return system_fault(path_);
  if (const auto listed = list(folder.number, 1, threads_); !listed) return listed.error();
  return std::span<const int>(threads_);
}

Result<std::span<const int>> ProcFiles::descriptors(int pid) {
  name(pid, "fd");
  const Descriptor folder{::openat(fd_, below_, folder_flags)};
  if (folder.number < 0) return system_fault(path_);
  if (const auto listed = list(folder.number, 0, threads_); !listed) return listed.error();
  return std::span<const int>(threads_);
}

// The names that are numbers, from the least on.
Result<void> ProcFiles::list(int fd, int least, std::vector<int>& out) {
  out.clear();
  for (;;) {
    const auto size = ::getdents64(fd, entries_.data(), entries_.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return system_fault(path_);
    if (size == 0) break;
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(entries_.data() + at);
      at += entry->d_reclen;
      int number = 0;
      if (!scan::number(std::string_view(entry->d_name), number) || number < least) continue;
      if (out.size() == most_processes) return Fault{Parse::too_large, path_};
      out.push_back(number);
    }
  }
  if (!std::ranges::is_sorted(out)) std::ranges::sort(out);
  return {};
}

void ProcFiles::name(int pid, std::string_view file) {
  char* const end = below_ + sizeof below_ - 1;
  auto* at = append(std::to_chars(below_, end, pid).ptr, end, "/");
  *append(at, end, file) = '\0';
}

void ProcFiles::name(int pid, int thread, std::string_view file) {
  char* const end = below_ + sizeof below_ - 1;
  auto* at = append(std::to_chars(below_, end, pid).ptr, end, "/task/");
  at = append(std::to_chars(at, end, thread).ptr, end, "/");
  *append(at, end, file) = '\0';
}

Result<std::string_view> ProcFiles::read(int pid, std::string_view file, Shape shape, std::size_t most) {
  name(pid, file);
  return read(shape, most);
}

Result<std::string_view> ProcFiles::read(int pid, int thread, std::string_view file, Shape shape) {
  name(pid, thread, file);
  return read(shape);
}

Result<std::string_view> ProcFiles::read(Shape shape, std::size_t most) {
  if (buffer_.size() > most) give_back();  // a large text was read before
  const Descriptor file{::openat(fd_, below_, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
  if (file.number < 0) return system_fault(path_);
  std::size_t used = 0;
  for (;;) {
    const auto size = ::read(file.number, buffer_.data() + used, buffer_.size() - used);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return system_fault(path_);
    used += static_cast<std::size_t>(size);
    if (size == 0 || used == most) break;
    if (live_ && shape == Shape::record && used < buffer_.size() && buffer_[used - 1] == '\n') break;
    if (used == buffer_.size()) buffer_.resize(std::min(buffer_.size() * 4, most));
  }
  return std::string_view(buffer_).substr(0, used);
}

Result<std::uint64_t> ProcFiles::count_descriptors(int pid) {
  name(pid, "fd");
  if (!counts_by_size_) return count_by_listing(below_);
  struct stat about {};
  if (::fstatat(fd_, below_, &about, 0) != 0) return system_fault(path_);
  return static_cast<std::uint64_t>(about.st_size);
}

Result<std::string_view> ProcFiles::link(int pid, std::string_view file) {
  name(pid, file);
  if (buffer_.size() < most_link) buffer_.resize(most_link);
  const auto size = ::readlinkat(fd_, below_, buffer_.data(), buffer_.size());
  if (size < 0) return system_fault(path_);
  return std::string_view(buffer_).substr(0, static_cast<std::size_t>(size));
}

Result<std::uint32_t> ProcFiles::owner(int pid) {
  name(pid, "");
  struct stat about {};
  if (::fstatat(fd_, below_, &about, 0) != 0) return system_fault(path_);
  return static_cast<std::uint32_t>(about.st_uid);
}

bool ProcFiles::is_regular(int pid, std::string_view file) {
  name(pid, file);
  struct stat about {};
  return ::fstatat(fd_, below_, &about, 0) == 0 && S_ISREG(about.st_mode);
}

void ProcFiles::give_back() {
  buffer_.resize(4096);
  buffer_.shrink_to_fit();
}

Result<std::uint64_t> ProcFiles::count_by_listing(const char* folder) {
  const Descriptor opened{::openat(fd_, folder, folder_flags)};
  if (opened.number < 0) return system_fault(path_);
  if (const auto listed = list(opened.number, 0, threads_); !listed) return listed.error();
  return threads_.size();
}

}  // namespace vitald::process
