#include "collectors/base/probe.hpp"

#include "collectors/base/scan.hpp"

#include <pwd.h>
#include <sys/vfs.h>

#include <cerrno>
#include <vector>

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

int ask_user_name(const char* number, std::string& out) {
  std::uint64_t user = 0;
  const std::string_view text = number;
  if (!scan::number(text, user) || user > UINT32_MAX) return EINVAL;
  std::vector<char> room(std::size_t{1} << 10);
  passwd found{};
  passwd* it = nullptr;
  int error = 0;
  while ((error = ::getpwuid_r(static_cast<uid_t>(user), &found, room.data(), room.size(), &it)) == EINTR ||
         (error == ERANGE && room.size() < (std::size_t{1} << 20)))
    if (error == ERANGE) room.resize(room.size() * 2);
  if (!it) return error == 0 ? ENOENT : error;
  out = it->pw_name;
  return 0;
}

}  // namespace vitald
