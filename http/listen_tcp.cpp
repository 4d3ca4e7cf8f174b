// TCP: everywhere, at an address, or at one of a name's.
#include "http/listen.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace vitald::http {
namespace {

bool set(int socket, int level, int option, int value) {
  return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

// What accepted sockets inherit is set once, here.
Listening bind_tcp(const sockaddr* address, socklen_t size, bool both_families) {
  const int made = ::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (made < 0) return not_listening(errno);
  set(made, IPPROTO_TCP, TCP_NODELAY, 1);
  const bool good = set(made, SOL_SOCKET, SO_REUSEADDR, 1) &&
                    (address->sa_family != AF_INET6 || set(made, IPPROTO_IPV6, IPV6_V6ONLY, both_families ? 0 : 1)) &&
                    ::bind(made, address, size) == 0 && ::listen(made, backlog) == 0;
  return good ? Listening{made, 0, {}} : not_listening(errno, made);
}

Listening listen_everywhere(std::uint16_t port) {
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  auto made = bind_tcp(reinterpret_cast<const sockaddr*>(&six), sizeof six, true);
  if (made.error != EAFNOSUPPORT && made.error != EADDRNOTAVAIL) return made;
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  return bind_tcp(reinterpret_cast<const sockaddr*>(&four), sizeof four, false);
}

// "0.0.0.0" and "::", however they are written: as at the peer, everywhere.
bool is_any(const sockaddr* address) {
  if (address->sa_family == AF_INET)
    return reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr == INADDR_ANY;
  return address->sa_family == AF_INET6 &&
         IN6_IS_ADDR_UNSPECIFIED(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
}

// "::ffff:127.0.0.1" is IPv4, as at the peer: a socket that takes IPv6 alone could not be bound to it.
bool is_mapped(const sockaddr* address) {
  return address->sa_family == AF_INET6 &&
         IN6_IS_ADDR_V4MAPPED(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
}

sockaddr_in unmapped(const sockaddr_in6& six) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = six.sin6_port;
  std::memcpy(&four.sin_addr, six.sin6_addr.s6_addr + 12, sizeof four.sin_addr);
  return four;
}

Listening listen_on_address(const sockaddr* address, socklen_t size, std::uint16_t port) {
  if (is_mapped(address)) {
    const auto four = unmapped(*reinterpret_cast<const sockaddr_in6*>(address));
    return listen_on_address(reinterpret_cast<const sockaddr*>(&four), sizeof four, port);
  }
  return is_any(address) ? listen_everywhere(port) : bind_tcp(address, size, false);
}

Listening listen_on_host(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const auto service = std::to_string(port);
  int error = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
  if (error == EAI_NONAME) {
    hints.ai_flags = AI_NUMERICSERV;
    error = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
  }
  if (error != 0) return {-1, EADDRNOTAVAIL, ::gai_strerror(error)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  const auto& taken = preferred(*found);
  return listen_on_address(taken.ai_addr, taken.ai_addrlen, port);
}

}  // namespace

const addrinfo& preferred(const addrinfo& found) {
  for (const auto* each = &found; each != nullptr; each = each->ai_next)
    if (each->ai_family == AF_INET) return *each;
  return found;
}

Listening listen_tcp(const Place& place) {
  const auto port = static_cast<std::uint16_t>(place.port);
  return place.host.empty() ? listen_everywhere(port) : listen_on_host(place.host, port);
}

}  // namespace vitald::http
