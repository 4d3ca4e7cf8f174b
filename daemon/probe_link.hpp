#pragma once
// One probe, from the daemon's side: a process and the socket to it. Nothing here waits.
#include "collectors/base/result.hpp"
#include "daemon/probe_wire.hpp"

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>

namespace vitald {

class ProbeLink {
 public:
  enum class Heard : std::uint8_t { nothing, started, answer, gone };

  static Result<ProbeLink> start(const std::string& program);
  ProbeLink(ProbeLink&&) noexcept;
  ProbeLink& operator=(ProbeLink&&) = delete;
  ~ProbeLink();  // an idle probe then ends by itself

  // A list is put together path by path and sent. False: it does not fit any more.
  bool add(std::string_view path);
  void send(probe_wire::Verb verb);
  void stop();  // no more answers of this list are wanted than the one being worked on
  void kill();
  Heard hear(probe_wire::Answer& out, std::span<char, probe_wire::most_bytes> bytes);

  bool started() const { return started_; }  // it runs: on a loaded machine that may take its time
  bool busy() const { return busy_; }
  std::string_view current() const;  // the path that it is at, while busy
  int socket() const { return socket_; }
  pid_t process() const { return process_; }

 private:
  ProbeLink(pid_t process, int socket) : process_(process), socket_(socket) {}
  void send(std::string_view packet);

  pid_t process_;
  int socket_;
  std::string list_;  // the request as it was sent
  std::uint32_t count_ = 0;
  std::size_t at_ = 0;  // where the current path begins
  bool started_ = false, busy_ = false;
};

}  // namespace vitald
