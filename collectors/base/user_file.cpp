// Reading of one file of a user's choice.
#include "collectors/base/user_open.hpp"

#include <cerrno>

namespace vitald {

int read_user_file(const char* path, Links links, FileStamp& stamp, FileSink& sink) {
  struct stat about {};
  if (::fstatat(AT_FDCWD, path, &about, links == Links::follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (!S_ISREG(about.st_mode)) return ENODEV;
  const Descriptor file(open_path(path, 0, links));
  if (file < 0 || ::fstat(file, &about) != 0) return errno;
  if (!S_ISREG(about.st_mode)) return ENODEV;
  stamp = stamp_of(about);
  if (stamp.size > most_file_bytes) return EFBIG;
  char chunk[32768];
  for (std::size_t taken = 0;;) {
    const auto size = ::read(file, chunk, sizeof chunk);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno;
    if (size == 0) return 0;
    taken += static_cast<std::size_t>(size);
    if (taken > most_file_bytes) return EFBIG;
    if (!sink.take({chunk, static_cast<std::size_t>(size)})) return ECANCELED;
  }
}

}  // namespace vitald
