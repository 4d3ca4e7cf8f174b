#pragma once
// Sockets that listen, and who it is that they accept.
#include "http/peer.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>

struct addrinfo;

namespace vitald::http {

// Where to listen.
struct Place {
  Peer::Kind kind = Peer::Kind::tcp;
  std::string host;  // empty: every address, IPv6 and IPv4 by one socket, IPv4 alone where there is no IPv6
  std::uint32_t port = 0;
  std::string path, group;         // of a Unix socket
  unsigned mode = 0666;            // of it, too
  std::uint32_t cid = UINT32_MAX;  // of vsock; all bits: any
  bool operator==(const Place&) const = default;
};

std::string to_string(const Place& place);

// A listening socket that does not block, or why there is none.
struct Listening {
  int socket = -1;
  int error = 0;  // errno
  std::string why;
};
inline constexpr int backlog = 4096;  // the kernel's own most, unless it was told otherwise
Listening not_listening(int error, int socket = -1, std::string_view what = {});  // closes the socket
Listening listen_at(const Place& place);                                          // looking up a name waits
Listening listen_tcp(const Place& place);
Listening listen_unix(const Place& place);

// Of a name's addresses the one to listen at, as Go takes it: the first of IPv4, else the first.
const addrinfo& preferred(const addrinfo& found);

// The file of a Unix socket that listens here, so that it is taken away at the end if it is still ours.
class SocketFile {
 public:
  SocketFile() = default;
  explicit SocketFile(std::string path);
  ~SocketFile() { remove(); }
  SocketFile(SocketFile&& other) noexcept
      : path_(std::move(other.path_)), device_(other.device_), inode_(other.inode_) {
    other.path_.clear();
  }
  SocketFile& operator=(SocketFile&&) = delete;
  void remove();

 private:
  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

// A socket that listens at a place; whoever takes it has to close it.
class Bound {
 public:
  Bound(Place place, const Listening& made);
  ~Bound();
  Bound(Bound&& other) noexcept
      : place_(std::move(other.place_)), socket_(std::exchange(other.socket_, -1)), file_(std::move(other.file_)) {}
  Bound& operator=(Bound&&) = delete;
  const Place& place() const { return place_; }
  int take_socket() { return std::exchange(socket_, -1); }
  SocketFile take_file() { return std::move(file_); }

 private:
  Place place_;
  int socket_;
  SocketFile file_;
};

// A socket that another made: made not to block, and what comes by it; empty, or why it will not do.
std::string fault_of_listening(int socket, Peer::Kind& kind);

std::string address_of(int listening_socket);  // "127.0.0.1:9100", "unix:/run/x.sock", "vsock://:9100"

// Whom a Unix socket shows all.
struct Trusted {
  uid_t user = 0;              // beside root
  std::optional<gid_t> group;  // none: there is no such group
};
Trusted trusted_here();  // the daemon's user, and the group vitald of /etc/group

// A connection that does not block; -1 and errno when there is none.
int accept_one(int listening_socket, Peer::Kind kind, const Trusted& trusted, Peer& peer);
void recognize(int socket, const Trusted& trusted, Peer& peer);  // by its Unix socket

}  // namespace vitald::http
