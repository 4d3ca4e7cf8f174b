#pragma once
// Sockets that listen, and who it is that they accept.
#include "http/peer.hpp"

#include <string>

namespace vitald::http {

// A listening socket that does not block, or why there is none.
struct Listening {
  int socket = -1;
  int error = 0;  // errno
  std::string why;
};

// Every address of this host when `host` is empty: IPv6 and IPv4 by one socket, IPv4 alone where there is no IPv6.
// Looking up a name waits.
Listening listen_tcp(const std::string& host, std::uint16_t port);
std::string address_of(int listening_socket);  // "127.0.0.1:9100"

// A socket that another made: made not to block, and what comes by it; empty, or why it will not do.
std::string fault_of_listening(int socket, Peer::Kind& kind);

// A connection that does not block; -1 and errno when there is none.
int accept_one(int listening_socket, Peer::Kind kind, Peer& peer);

}  // namespace vitald::http
