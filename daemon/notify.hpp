#pragma once
// Tells systemd how it goes: ready, reloading, ending, and a sign of life at half of the watchdog's time.
//
// The protocol is a datagram of lines NAME=value to a socket (sd_notify(3)): not worth a library that every start
// would load. Without a socket to tell it makes no timer and does nothing.
#include "daemon/alarm.hpp"
#include "daemon/log.hpp"

#include <sys/un.h>

#include <optional>
#include <string>
#include <string_view>

namespace vitald {

// Fills `out` and its length; false: no socket can have this address. A leading @ stands for the abstract name space.
bool notify_address(std::string_view text, sockaddr_un& out, socklen_t& length);

// The loop's thread only.
class Notify {
 public:
  // `socket` as $NOTIFY_SOCKET has it, empty for nobody; `watchdog` 0 for none.
  Notify(boost::asio::io_context& loop, const Log& log, std::string_view socket, std::chrono::microseconds watchdog);
  ~Notify();
  Notify(const Notify&) = delete;
  Notify& operator=(const Notify&) = delete;

  bool wanted() const noexcept { return fd_ >= 0; }  // for a status that costs something
  void ready(std::string_view status);               // first, and after each reload
  void reloading();
  void ending();

 private:
  void say(std::string_view lines);
  void flush();
  void ring();

  const Log& log_;
  int fd_ = -1;
  sockaddr_un address_{};
  socklen_t length_ = 0;
  std::string waiting_;  // what the socket had no room for
  std::chrono::microseconds beat_{};
  Alarm::Clock::time_point next_beat_ = Alarm::Clock::time_point::max();
  std::optional<Alarm> alarm_;
  bool failed_ = false;
};

}  // namespace vitald
