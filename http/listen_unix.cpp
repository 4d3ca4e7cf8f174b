// Unix sockets: a file with mode and group, and a peer whom the kernel names.
#include "http/listen.hpp"

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>
#include <vector>

namespace vitald::http {
namespace {

sockaddr_un address_for(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  return address;
}

int new_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

bool bind_to(int socket, const sockaddr_un& address) {
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// Nobody answers at a socket whose program has died; the file is left over.
bool is_left_over(const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(address.sun_path, &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
  const int asking = new_socket();
  if (asking < 0) return false;
  const int answered = ::connect(asking, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const bool refused = answered != 0 && errno == ECONNREFUSED;
  ::close(asking);
  return refused;
}

struct Groups {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen("/etc/group", "re"), std::fclose};
  // The file alone: a name service would be loaded and could hang.
  std::optional<gid_t> find(std::string_view name) const {
    while (const auto* entry = file ? ::fgetgrent(file.get()) : nullptr)
      if (entry->gr_name == name) return entry->gr_gid;
    return {};
  }
};

// Nobody gets in before mode and group are right: it does not listen yet.
Listening furnish(int socket, const Place& place) {
  if (!place.group.empty()) {
    const auto group = Groups().find(place.group);
    if (!group) return not_listening(EINVAL, socket, "there is no group " + place.group + " in /etc/group");
    if (::chown(place.path.c_str(), static_cast<uid_t>(-1), *group) != 0)
      return not_listening(errno, socket, "group " + place.group);
  }
  if (::chmod(place.path.c_str(), place.mode) != 0 || ::listen(socket, backlog) != 0)
    return not_listening(errno, socket);
  return {socket, 0, {}};
}

bool has_group(int socket, gid_t group) {
  std::vector<gid_t> groups(32);
  socklen_t size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  int done = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  if (done != 0 && errno == ERANGE) {
    groups.resize(size / sizeof(gid_t));
    done = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  }
  if (done != 0) return false;
  groups.resize(size / sizeof(gid_t));
  return std::ranges::find(groups, group) != groups.end();
}

}  // namespace

Listening listen_unix(const Place& place) {
  const auto address = address_for(place.path);
  const int made = new_socket();
  if (made < 0) return not_listening(errno, made);
  const auto before = ::umask(0177);
  bool bound = bind_to(made, address);
  if (!bound && errno == EADDRINUSE) {
    if (!is_left_over(address)) {
      ::umask(before);
      return not_listening(EADDRINUSE, made);
    }
    ::unlink(address.sun_path);
    bound = bind_to(made, address);
  }
  const int error = errno;
  ::umask(before);
  return bound ? furnish(made, place) : not_listening(error, made);
}

Trusted trusted_here() { return {::geteuid(), Groups().find("vitald")}; }

void recognize(int socket, const Trusted& trusted, Peer& peer) {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return;
  peer.uid = who.uid;
  peer.trusted = who.uid == 0 || who.uid == trusted.user ||
                 (trusted.group && (who.gid == *trusted.group || has_group(socket, *trusted.group)));
}

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
  struct stat found {};
  if (::lstat(path_.c_str(), &found) != 0) path_.clear();
  device_ = found.st_dev;
  inode_ = found.st_ino;
}

void SocketFile::remove() {
  struct stat found {};
  if (!path_.empty() && ::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_)
    ::unlink(path_.c_str());
  path_.clear();
}

}  // namespace vitald::http
