#include "collectors/watch/mount_table.hpp"

#include "collectors/base/mountinfo.hpp"
#include "collectors/base/path.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace vitald::watch {
namespace {

constexpr std::string_view foreign_types[] = {"9p",   "afs",   "autofs", "ceph",    "cifs",  "coda",
                                              "gfs2", "ncpfs", "nfs",    "nfs4",    "ocfs2", "orangefs",
                                              "smb3", "smbfs", "vboxsf", "virtiofs"};

bool is_octal(char c) { return c >= '0' && c <= '7'; }

// The kernel writes a blank as \040.
std::string plain(std::string_view escaped) {
  std::string text;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    const auto code = escaped.substr(i, 4);
    if (code.size() == 4 && code[0] == '\\' && std::ranges::all_of(code.substr(1), is_octal)) {
      text += static_cast<char>((code[1] - '0') * 64 + (code[2] - '0') * 8 + (code[3] - '0'));
      i += 3;
    } else {
      text += escaped[i];
    }
  }
  return text;
}

}  // namespace

bool is_foreign(std::string_view type) {
  return type.starts_with("fuse") || std::ranges::find(foreign_types, type) != std::end(foreign_types);
}

MountTable::MountTable(const std::string& table)
    : file_(table), fd_(::open(table.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  read();
}

MountTable::~MountTable() {
  if (fd_ >= 0) ::close(fd_);
}

void MountTable::read() {
  mounts_.clear();
  std::vector<MountLine> lines;
  const auto text = file_.read();
  if (!text || !parse_mountinfo(*text, lines)) return;
  for (const auto& line : lines) mounts_.push_back({plain(line.point), is_foreign(line.type)});
}

// As the way leads over all of them, one suffices.
bool MountTable::is_local(const std::string& path) const {
  return std::ranges::none_of(mounts_,
                              [&](const Mount& mount) { return mount.foreign && at_or_below(path, mount.point); });
}

}  // namespace vitald::watch
