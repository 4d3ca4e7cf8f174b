#include "http/listen.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/vm_sockets.h>  // wants sockaddr before it

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace vitald::http {
namespace {

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

Listening listen_vsock(const Place& place) {
  const int made = ::socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (made < 0) return not_listening(errno);
  sockaddr_vm address{};
  address.svm_family = AF_VSOCK;
  address.svm_port = place.port;
  address.svm_cid = place.cid;
  const bool good =
      ::bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && ::listen(made, backlog) == 0;
  return good ? Listening{made, 0, {}} : not_listening(errno, made);
}

std::string address_of_vsock(const sockaddr_vm& at) {
  const auto cid = at.svm_cid == VMADDR_CID_ANY ? std::string() : std::to_string(at.svm_cid);
  return "vsock://" + cid + ":" + std::to_string(at.svm_port);
}

}  // namespace

Listening not_listening(int error, int socket, std::string_view what) {
  if (socket >= 0) ::close(socket);
  const auto reason = std::system_category().message(error);
  return {-1, error, what.empty() ? reason : std::string(what).append(": ").append(reason)};
}

Listening listen_at(const Place& place) {
  if (place.kind == Peer::Kind::unix_socket) return listen_unix(place);
  if (place.kind == Peer::Kind::vsock) return listen_vsock(place);
  return listen_tcp(place);
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
  constexpr int on = 1;
  if (kind == tcp) ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
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
