#include "http/listen.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/vm_sockets.h>  // wants sockaddr before it

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

namespace vitald::http {
namespace {

Listening failed(int error, int socket = -1) {
  if (socket >= 0) ::close(socket);
  return {-1, error, std::system_category().message(error)};
}

bool set(int socket, int level, int option, int value) {
  return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

// What accepted sockets inherit is set once, here.
Listening bind_tcp(const sockaddr* address, socklen_t size, bool both_families) {
  const int made = ::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (made < 0) return failed(errno);
  set(made, IPPROTO_TCP, TCP_NODELAY, 1);
  const bool good = set(made, SOL_SOCKET, SO_REUSEADDR, 1) &&
                    (address->sa_family != AF_INET6 || set(made, IPPROTO_IPV6, IPV6_V6ONLY, both_families ? 0 : 1)) &&
                    ::bind(made, address, size) == 0 && ::listen(made, backlog) == 0;
  return good ? Listening{made, 0, {}} : failed(errno, made);
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

void fill(const sockaddr_storage& from, Peer& peer) {
  constexpr std::uint8_t mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (from.ss_family == AF_INET) {
    std::ranges::copy(mapped, peer.address.begin());
    const auto& four = reinterpret_cast<const sockaddr_in&>(from).sin_addr;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&four), 4, peer.address.begin() + 12);
  } else if (from.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(from).sin6_addr;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&six), 16, peer.address.begin());
  }
  const bool four_in_six = std::equal(std::begin(mapped), std::end(mapped), peer.address.begin());
  const std::array<std::uint8_t, 16> six_loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  peer.loopback = four_in_six ? peer.address[12] == 127 : peer.address == six_loopback;
}

// "0.0.0.0" and "::", however they are written: as at the peer, everywhere.
bool is_any(const sockaddr* address) {
  if (address->sa_family == AF_INET)
    return reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr == INADDR_ANY;
  return address->sa_family == AF_INET6 &&
         IN6_IS_ADDR_UNSPECIFIED(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
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
  return is_any(found->ai_addr) ? listen_everywhere(port) : bind_tcp(found->ai_addr, found->ai_addrlen, false);
}

Listening listen_vsock(const Place& place) {
  const int made = ::socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (made < 0) return failed(errno);
  sockaddr_vm address{};
  address.svm_family = AF_VSOCK;
  address.svm_port = place.port;
  address.svm_cid = place.cid;
  const bool good =
      ::bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && ::listen(made, backlog) == 0;
  return good ? Listening{made, 0, {}} : failed(errno, made);
}

std::string address_of_vsock(const sockaddr_vm& at) {
  const auto cid = at.svm_cid == VMADDR_CID_ANY ? std::string() : std::to_string(at.svm_cid);
  return "vsock://" + cid + ":" + std::to_string(at.svm_port);
}

}  // namespace

Listening listen_at(const Place& place) {
  if (place.kind == Peer::Kind::unix_socket) return listen_unix(place);
  if (place.kind == Peer::Kind::vsock) return listen_vsock(place);
  const auto port = static_cast<std::uint16_t>(place.port);
  return place.host.empty() ? listen_everywhere(port) : listen_on_host(place.host, port);
}

Bound::Bound(Place place, const Listening& made)
    : place_(std::move(place)),
      socket_(made.socket),
      file_(place_.kind == Peer::Kind::unix_socket ? SocketFile(place_.path) : SocketFile()) {}

Bound::~Bound() {
  if (socket_ >= 0) ::close(socket_);
}

std::string to_string(const Place& place) {
  const auto port = ":" + std::to_string(place.port);
  if (place.kind == Peer::Kind::unix_socket) return "unix:" + place.path;
  if (place.kind == Peer::Kind::vsock)
    return "vsock://" + (place.cid == VMADDR_CID_ANY ? std::string() : std::to_string(place.cid)) + port;
  return (place.host.find(':') == std::string::npos ? place.host : "[" + place.host + "]") + port;
}

std::string address_of(int listening_socket) {
  sockaddr_storage at{};
  socklen_t size = sizeof at;
  ::getsockname(listening_socket, reinterpret_cast<sockaddr*>(&at), &size);
  if (at.ss_family == AF_UNIX) return std::string("unix:") + reinterpret_cast<const sockaddr_un&>(at).sun_path;
  if (at.ss_family == AF_VSOCK) return address_of_vsock(reinterpret_cast<const sockaddr_vm&>(at));
  char text[INET6_ADDRSTRLEN] = {};
  if (at.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(at);
    ::inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
    return std::string(text).append(":").append(std::to_string(ntohs(four.sin_port)));
  }
  const auto& six = reinterpret_cast<const sockaddr_in6&>(at);
  ::inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
  return std::string("[").append(text).append("]:").append(std::to_string(ntohs(six.sin6_port)));
}

std::string fault_of_listening(int socket, Peer::Kind& kind) {
  int listens = 0, family = 0;
  socklen_t size = sizeof listens;
  if (::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens) return "it does not listen";
  ::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &size);
  using enum Peer::Kind;
  if (family != AF_INET && family != AF_INET6 && family != AF_UNIX && family != AF_VSOCK)
    return "it is no socket of TCP, Unix or vsock";
  kind = family == AF_UNIX ? unix_socket : family == AF_VSOCK ? vsock : tcp;
  if (kind == tcp) set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
  return {};
}

int accept_one(int listening_socket, Peer::Kind kind, const Trusted& trusted, Peer& peer) {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  const int made = ::accept4(listening_socket, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  peer.kind = kind;
  if (made >= 0 && kind == Peer::Kind::tcp) fill(from, peer);
  if (made >= 0 && kind == Peer::Kind::unix_socket) recognize(made, trusted, peer);
  return made;
}

}  // namespace vitald::http
