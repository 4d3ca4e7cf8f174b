#include "daemon/notify.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <ctime>

namespace vitald {
namespace {

constexpr auto once_more = std::chrono::milliseconds(100);

std::uint64_t monotonic_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

}  // namespace

bool notify_address(std::string_view text, sockaddr_un& out, socklen_t& length) {
  if (text.size() < 2 || text.size() >= sizeof out.sun_path || (text[0] != '/' && text[0] != '@')) return false;
  out = {};
  out.sun_family = AF_UNIX;
  std::ranges::copy(text, out.sun_path);
  const bool abstract = text[0] == '@';
  if (abstract) out.sun_path[0] = '\0';
  length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size() + (abstract ? 0 : 1));
  return true;
}

Notify::Notify(boost::asio::io_context& loop, const Log& log, std::string_view socket,
               std::chrono::microseconds watchdog)
    : log_(log), beat_(watchdog / 2) {
  if (!notify_address(socket, address_, length_)) return;
  fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd_ < 0) return;
  alarm_.emplace(loop, [this] { ring(); });
  if (beat_.count() > 0) ring();
}

Notify::~Notify() {
  if (fd_ >= 0) ::close(fd_);
}

void Notify::ready(std::string_view status) { say(std::string("READY=1\nSTATUS=").append(status)); }
void Notify::reloading() {
  if (wanted()) say("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds()) + "\nSTATUS=Reloading");
}
void Notify::ending() { say("STOPPING=1\nSTATUS=Ending"); }

void Notify::say(std::string_view lines) {
  if (!wanted()) return;
  if (!waiting_.empty()) waiting_ += '\n';
  waiting_ += lines;
  flush();
}

// A socket without room is tried again, for systemd waits for READY; one that nobody has open is not.
void Notify::flush() {
  const auto sent = ::sendto(fd_, waiting_.data(), waiting_.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address_), length_);
  const bool later = sent < 0 && (errno == EAGAIN || errno == ENOBUFS || errno == EINTR);
  if (sent < 0 && !later && !std::exchange(failed_, true))
    log_.warn("cannot notify systemd", {{"reason", std::strerror(errno)}});
  if (!later) waiting_.clear();
  alarm_->set(later ? std::min(next_beat_, Alarm::Clock::now() + once_more) : next_beat_);
}

void Notify::ring() {
  const auto now = Alarm::Clock::now();
  if (beat_.count() > 0 && (next_beat_ == Alarm::Clock::time_point::max() || next_beat_ <= now)) {
    next_beat_ = now + beat_;
    if (waiting_.empty()) return say("WATCHDOG=1");
  }
  if (!waiting_.empty()) return flush();
  alarm_->set(next_beat_);
}

}  // namespace vitald
