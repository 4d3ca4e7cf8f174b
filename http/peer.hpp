#pragma once
// Who is at the other end of a connection.
#include <array>
#include <cstdint>

namespace vitald::http {

struct Peer {
  enum class Kind : std::uint8_t { tcp, unix_socket, vsock };
  Kind kind = Kind::tcp;
  bool loopback = false;                   // by TCP, from this host's loopback network
  bool trusted = false;                    // by Unix socket: root, the daemon's user, or of the group vitald
  bool certified = false;                  // showed a certificate that is good for more than the open pages
  std::uint32_t uid = UINT32_MAX;          // by Unix socket
  unsigned wrong_passwords = 0;            // that came on this connection
  std::array<std::uint8_t, 16> address{};  // by TCP: IPv6, or IPv4 as ::ffff:a.b.c.d
};

}  // namespace vitald::http
