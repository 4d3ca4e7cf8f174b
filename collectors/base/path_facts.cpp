#include "collectors/base/path_facts.hpp"

#include "collectors/base/user_open.hpp"

#include <dirent.h>

#include <cerrno>
#include <memory>

namespace vitald {
namespace {

constexpr std::size_t records_at_once = std::size_t{16} << 10;

std::int64_t nanoseconds_of(const struct statx_timestamp& time) {
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

// Nothing is opened by it but the way to it, so nothing is woken.
int open_place(const char* path, Links links) {
  if (links == Links::follow) return ::open(path, O_PATH | O_CLOEXEC);
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS;
  return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how));
}

}  // namespace

int ask_path(const char* path, Links links, PathFacts& out) {
  const Descriptor at(open_place(path, links));
  if (at < 0) return errno;
  struct statx said {};
  if (::statx(at, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &said) != 0) return errno;
  out.size = said.stx_size;
  out.modified_ns = nanoseconds_of(said.stx_mtime);
  out.mode = said.stx_mode & 07777U;
  out.tells_mounts = (said.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0;
  out.is_mount = (said.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return 0;
}

int list_folder(const char* path, FileStamp& own, FileSink& sink) {
  const int fd = open_path(path, O_DIRECTORY, Links::refuse);
  if (fd < 0) return errno;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(fd), ::closedir);
  struct stat about {};
  if (!folder || ::fstat(fd, &about) != 0) return errno;
  own = stamp_of(about);
  std::string records;
  for (;;) {
    errno = 0;
    const auto* const entry = ::readdir(folder.get());
    if (!entry) break;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (::fstatat(fd, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0) continue;  // it has gone meanwhile
    const bool plain = S_ISREG(about.st_mode) || S_ISDIR(about.st_mode);
    tell_listed({name, stamp_of(about), plain ? 0 : ENODEV, S_ISDIR(about.st_mode)}, records);
    if (records.size() < records_at_once) continue;
    if (!sink.take(records)) return ECANCELED;
    records.clear();
  }
  const int error = errno;
  if (!records.empty() && !sink.take(records)) return ECANCELED;
  return error;
}

}  // namespace vitald
