#include "collectors/watch/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <utility>

namespace vitald::watch {
namespace {

constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
constexpr std::size_t length_at = 16, type_at = 18, name_at = 19;  // in linux_dirent64
constexpr std::size_t listing_room = std::size_t{32} << 10;

int open_at(int folder, const char* path, std::uint64_t resolve) {
  open_how how{};
  how.flags = flags;
  how.resolve = RESOLVE_NO_SYMLINKS | resolve;
  return static_cast<int>(::syscall(SYS_openat2, folder, path, &how, sizeof how));
}

// As much of the path as the kernel takes at once.
std::string take_part(std::string_view& path) {
  if (path.size() < PATH_MAX) return std::string(std::exchange(path, {}));
  const auto end = path.rfind('/', PATH_MAX - 2);
  std::string part(path.substr(0, end));
  path.remove_prefix(end + 1);
  return part;
}

}  // namespace

Folder::~Folder() {
  if (fd_ >= 0) ::close(fd_);
}

Folder& Folder::operator=(Folder&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Folder open_root(const std::string& path, bool follow_links) {
  if (!follow_links) return Folder(open_at(AT_FDCWD, path.c_str(), 0));
  return Folder(::open(path.c_str(), flags & ~O_NOFOLLOW));
}

Folder open_below(const Folder& root, std::string_view path, Mounts mounts) {
  const std::uint64_t resolve = RESOLVE_BENEATH | (mounts == Mounts::stay ? RESOLVE_NO_XDEV : 0U);
  Folder at;
  do {
    const auto part = path.empty() ? std::string(".") : take_part(path);
    Folder next(open_at(at ? at.fd() : root.fd(), part.c_str(), resolve));
    if (!next) return next;
    at = std::move(next);
  } while (!path.empty());
  return at;
}

bool identify(const Folder& folder, Identity& out) {
  struct stat of {};
  if (::fstat(folder.fd(), &of) != 0) return false;
  out = {of.st_dev, of.st_ino};
  return true;
}

bool about(const Folder& folder, const char* name, struct stat& out) {
  return ::fstatat(folder.fd(), name, &out, AT_SYMLINK_NOFOLLOW) == 0;
}

void Listing::begin(const Folder& folder) {
  folder_ = &folder;
  buffer_.resize(listing_room);
  at_ = end_ = 0;
  error_ = 0;
}

bool Listing::fill() {
  const auto size = ::syscall(SYS_getdents64, folder_->fd(), buffer_.data(), buffer_.size());
  if (size < 0) error_ = errno;
  at_ = 0;
  end_ = size > 0 ? static_cast<std::size_t>(size) : 0;
  return size > 0;
}

bool Listing::next(Entry& out) {
  for (;;) {
    if (at_ == end_ && !fill()) return false;
    const auto* const record = buffer_.data() + at_;  // getdents64(2)
    std::uint16_t length = 0;
    std::memcpy(&length, record + length_at, sizeof length);
    const auto type = static_cast<unsigned char>(record[type_at]);
    out.name = record + name_at;
    at_ += length;
    const std::string_view name = out.name;
    if (name == "." || name == "..") continue;
    out.folder = type == DT_DIR;
    struct stat of {};
    if (type == DT_UNKNOWN) out.folder = about(*folder_, out.name, of) && S_ISDIR(of.st_mode);
    return true;
  }
}

}  // namespace vitald::watch
