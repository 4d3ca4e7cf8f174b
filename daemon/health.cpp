#include "daemon/health.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

namespace vitald {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto usual_patience = std::chrono::seconds(3);

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& from) noexcept : fd_(std::exchange(from.fd_, -1)) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

bool waits(int fd, short events, Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  pollfd one{fd, events, 0};
  return left > 0 && ::poll(&one, 1, static_cast<int>(left)) == 1;
}

std::string connect(int fd, const sockaddr* address, socklen_t size, Clock::time_point until) {
  int error = ::connect(fd, address, size) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    if (!waits(fd, POLLOUT, until)) return "no answer in time";
    socklen_t length = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  }
  return error == 0 ? std::string() : std::strerror(error);
}

Socket made(int family) { return Socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }

std::pair<Socket, std::string> reach(const HealthQuestion& question, Clock::time_point until) {
  if (!question.socket.empty()) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (question.socket.size() >= sizeof address.sun_path) return {Socket(-1), "the path is too long for a socket"};
    std::ranges::copy(question.socket, address.sun_path);
    auto socket = made(AF_UNIX);
    auto why = connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address, until);
    return {std::move(socket), std::move(why)};
  }
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (const int error = ::getaddrinfo(question.host.c_str(), question.port.c_str(), &hints, &found); error != 0)
    return {Socket(-1), ::gai_strerror(error)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  auto socket = made(found->ai_family);
  auto why = connect(socket.fd(), found->ai_addr, found->ai_addrlen, until);
  return {std::move(socket), std::move(why)};
}

std::string answer(int fd, const std::string& request, Clock::time_point until) {
  if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    return "it takes no request";
  constexpr std::string_view good = "HTTP/1.1 200 ";
  std::string head;
  while (head.find('\n') == head.npos && head.size() < 4096) {
    if (!waits(fd, POLLIN, until)) return "no answer in time";
    char part[512];
    const auto n = ::recv(fd, part, sizeof part, 0);
    if (n <= 0) return "no whole answer";
    head.append(part, static_cast<std::size_t>(n));
  }
  return head.starts_with(good) ? std::string() : "it answers " + head.substr(0, head.find_first_of("\r\n"));
}

}  // namespace

std::string read_health_question(std::string_view where, HealthQuestion& out) {
  constexpr std::string_view tcp = "http://", local = "unix:";
  if (where.starts_with(local)) {
    out.socket = where.substr(local.size());
    return out.socket.starts_with('/') ? std::string() : "after unix: comes the path of a socket";
  }
  if (!where.starts_with(tcp)) return "it must begin with http:// or unix:";
  where.remove_prefix(tcp.size());
  const auto slash = std::min(where.find('/'), where.size());
  if (slash < where.size()) out.path = where.substr(slash);
  auto host = where.substr(0, slash);
  const auto colon = host.rfind(':');
  if (colon != host.npos && !host.ends_with(']')) {
    out.port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  out.host = host;
  return host.empty() || out.port.empty() ? std::string("the host or the port is missing") : std::string();
}

std::string ask_health(const HealthQuestion& question, std::chrono::milliseconds patience) {
  const auto until = Clock::now() + patience;
  const auto [socket, why] = reach(question, until);
  if (!why.empty()) return why;
  const bool brackets = question.host.find(':') != question.host.npos;
  const auto host = question.socket.empty() ? (brackets ? "[" + question.host + "]" : question.host) : "localhost";
  return answer(socket.fd(), "GET " + question.path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n",
                until);
}

int run_health(std::span<char* const> arguments) {
  HealthQuestion question;
  auto why = arguments.size() > 1    ? std::string("usage: vitald health [http://HOST:PORT[/PATH] | unix:/SOCKET]")
             : arguments.size() == 1 ? read_health_question(arguments[0], question)
                                     : std::string();
  const int status = why.empty() ? 1 : EX_USAGE;
  if (why.empty()) why = ask_health(question, usual_patience);
  if (why.empty()) return EX_OK;
  std::fprintf(stderr, "vitald health: %s\n", why.c_str());
  return status;
}

}  // namespace vitald
