#include "http/stream.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace vitald::http {
namespace {

constexpr std::size_t most_parts = 1024;  // IOV_MAX

Moved moved(ssize_t bytes, Moved::Now otherwise) {
  using enum Moved::Now;
  if (bytes > 0) return {done, static_cast<std::size_t>(bytes)};
  if (bytes == 0) return {ended};
  return {errno == EAGAIN || errno == EWOULDBLOCK ? otherwise : failed};
}

template <class Call>
auto undisturbed(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

Moved receive(int socket, std::span<char> room) {
  return moved(undisturbed([&] { return ::recv(socket, room.data(), room.size(), 0); }), Moved::Now::wait_to_read);
}

}  // namespace

Moved Stream::read(std::span<char> room) {
  if (layer_) return layer_->read(room);
  if (drained_) return {Moved::Now::wait_to_read};
  const auto taken = receive(socket_, room);
  drained_ = !ending_ && taken.now == Moved::Now::done && taken.bytes < room.size();
  return taken;
}

Moved Stream::write(std::span<const iovec> parts) {
  if (layer_) return layer_->write(parts);
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());  // it is only read
  message.msg_iovlen = std::min(parts.size(), most_parts);
  const auto send = [&] { return ::sendmsg(socket_, &message, MSG_NOSIGNAL); };
  return moved(undisturbed(send), Moved::Now::wait_to_write);
}

Moved Stream::end() {
  if (layer_)
    if (const auto told = layer_->end(); told.now != Moved::Now::done) return told;
  const bool good = ::shutdown(socket_, SHUT_WR) == 0;
  return {good ? Moved::Now::done : Moved::Now::failed};
}

Moved Stream::read_away() {
  char bytes[4096];
  return receive(socket_, bytes);
}

void Stream::keep_little() {
  const int bytes = 64 * 1024;
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

void Stream::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

}  // namespace vitald::http
