#include "tests/support/wire.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <charconv>

namespace vitald::test {

Wire::Wire(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{5, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
}

Wire::~Wire() { ::close(fd_); }

void Wire::say(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the peer closed: the reply will tell
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void Wire::end() { ::shutdown(fd_, SHUT_WR); }

bool Wire::more() {
  char bytes[65536];
  const auto n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n > 0) buffer_.append(bytes, static_cast<std::size_t>(n));
  return n > 0;
}

std::string Wire::reply(bool with_body) {
  std::size_t head = 0;
  while ((head = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return {};
  std::size_t length = 0;
  const auto at = buffer_.find("Content-Length: ");
  if (with_body && at < head) std::from_chars(buffer_.data() + at + 16, buffer_.data() + head, length);
  while (buffer_.size() < head + 4 + length)
    if (!more()) return {};
  auto whole = buffer_.substr(0, head + 4 + length);
  buffer_.erase(0, whole.size());
  return whole;
}

bool Wire::closed() {
  if (!buffer_.empty()) return false;
  char byte = 0;
  const auto n = ::recv(fd_, &byte, 1, 0);
  return n == 0 || (n < 0 && errno == ECONNRESET);
}

std::string ask(std::uint16_t port, std::string_view request) {
  Wire wire(port);
  wire.say(request);
  return wire.reply(!request.starts_with("HEAD"));
}

std::string get(std::uint16_t port, std::string_view target, std::string_view fields) {
  return ask(port, std::string("GET ").append(target).append(" HTTP/1.1\r\nHost: x\r\n").append(fields).append("\r\n"));
}

std::string_view body_of(std::string_view reply) {
  const auto at = reply.find("\r\n\r\n");
  return at == reply.npos ? std::string_view{} : reply.substr(at + 4);
}

bool has_line(std::string_view reply, std::string_view line) {
  return reply.find(std::string("\r\n").append(line).append("\r\n")) != reply.npos ||
         reply.starts_with(std::string(line).append("\r\n"));
}

}  // namespace vitald::test
