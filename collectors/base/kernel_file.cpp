#include "collectors/base/kernel_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <utility>

namespace vitald {
namespace {

constexpr std::size_t first_size(KernelFile::Holds holds) {
  return holds == KernelFile::Holds::value ? 512 : 4096;  // files under /proc/sys cost by the size asked for
}
constexpr std::size_t table_cap = std::size_t{16} << 20, kept_size = std::size_t{1} << 20;

// As much as a file of sysfs can hold: 4 KiB, and more only where pages are larger.
std::size_t value_cap() {
  static const auto page = static_cast<std::size_t>(std::max(::sysconf(_SC_PAGESIZE), 4096L));
  return page;
}

bool of_the_kernel(const struct statfs& about) {
  return about.f_type == PROC_SUPER_MAGIC || about.f_type == SYSFS_MAGIC;
}

}  // namespace

bool kernel_serves(int fd) {
  struct statfs about {};
  return ::fstatfs(fd, &about) == 0 && of_the_kernel(about);
}

bool may_stay_open(int fd) {
  constexpr rlim_t enough = 256;  // the default set keeps some 80
  rlimit files{};
  return kernel_serves(fd) && ::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur >= enough;
}

bool kernel_serves(const std::string& path) {
  struct statfs about {};
  return ::statfs(path.c_str(), &about) == 0 && of_the_kernel(about);
}

bool fuse_serves(const std::string& path) {
  struct statfs about {};
  return ::statfs(path.c_str(), &about) == 0 && about.f_type == FUSE_SUPER_MAGIC;
}

bool only_kernel_adds(std::string_view path) {
  struct statfs about {};
  char folder[PATH_MAX];
  if (path.size() >= sizeof folder) return false;
  while (path.size() > 1 && path.front() == '/') {
    path = path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
    folder[path.copy(folder, path.size())] = '\0';
    if (::statfs(folder, &about) == 0) return of_the_kernel(about);
    if (errno != ENOENT) return false;
  }
  return false;
}

KernelFile::KernelFile(std::string path, Holds holds)
    : path_(std::move(path)),
      buffer_(first_size(holds), '\0'),
      cap_(holds == Holds::value ? value_cap() : table_cap),
      whole_(holds != Holds::table) {}

KernelFile::~KernelFile() { close(); }

KernelFile::KernelFile(KernelFile&& from) noexcept
    : path_(std::move(from.path_)),
      buffer_(std::move(from.buffer_)),
      cap_(from.cap_),
      whole_(from.whole_),
      fd_(std::exchange(from.fd_, -1)) {}

KernelFile& KernelFile::operator=(KernelFile&& from) noexcept {
  std::swap(path_, from.path_);
  std::swap(buffer_, from.buffer_);
  std::swap(cap_, from.cap_);
  std::swap(whole_, from.whole_);
  std::swap(fd_, from.fd_);
  return *this;
}

void KernelFile::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void KernelFile::turn_to(std::string_view path) {
  close();
  path_.assign(path);
}

void KernelFile::turn_to(std::string_view path, int descriptor) {
  turn_to(path);
  fd_ = descriptor;
}

int KernelFile::hand_over() { return std::exchange(fd_, -1); }

Result<std::string_view> KernelFile::read() {
  if (fd_ >= 0) {
    auto text = read_from(fd_);
    if (text) return text;
    close();  // the device behind it may be gone, or come back as another: ask by name once more
    if (text.error().code.category() != boost::system::system_category()) return text;
  }
  const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return system_fault(path_);
  struct stat about {};
  if (::fstat(fd, &about) == 0 && !S_ISREG(about.st_mode)) {
    ::close(fd);
    return Fault{Parse::not_a_file, path_};
  }
  auto text = read_from(fd);
  if (text && may_stay_open(fd))
    fd_ = fd;
  else
    ::close(fd);
  return text;
}

bool KernelFile::changed() const {
  pollfd asked{fd_, POLLPRI, 0};
  return fd_ < 0 || ::poll(&asked, 1, 0) != 0;
}

void KernelFile::give_back() { std::string(std::min(first_size(Holds::table), cap_), '\0').swap(buffer_); }

Result<std::string_view> KernelFile::read_from(int fd) {
  if (buffer_.size() > kept_size) give_back();
  // Of a table the kernel may hand out less than was asked for, and only 0 is the end.
  const bool whole_at_once = whole_ && fd == fd_;
  std::size_t used = 0;
  for (;;) {
    if (used == buffer_.size()) {
      if (used >= cap_) {
        give_back();  // at once: the next read may be long in coming
        return Fault{Parse::too_large, path_};
      }
      buffer_.resize(buffer_.size() * 2);
    }
    const auto n = ::pread(fd, buffer_.data() + used, buffer_.size() - used, static_cast<off_t>(used));
    if (n == 0) return std::string_view(buffer_.data(), used);
    if (n > 0) used += static_cast<std::size_t>(n);
    if (n > 0 && whole_at_once && used < buffer_.size()) return std::string_view(buffer_.data(), used);
    if (n < 0 && errno != EINTR) return system_fault(path_);
  }
}

}  // namespace vitald
