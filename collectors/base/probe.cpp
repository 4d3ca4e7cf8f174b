#include "collectors/base/probe.hpp"

#include <sys/vfs.h>

namespace vitald {

int ask_statfs(const char* path, FileSystemSize& out) {
  struct statfs said {};
  int result = 0;
  do result = ::statfs(path, &said);
  while (result != 0 && errno == EINTR);
  if (result != 0) return errno;
  constexpr auto read_only = 1;  // ST_RDONLY
  out = {
      static_cast<std::uint64_t>(said.f_bsize), said.f_blocks, said.f_bfree, said.f_bavail, said.f_files, said.f_ffree,
      (said.f_flags & read_only) != 0};
  return 0;
}

}  // namespace vitald
