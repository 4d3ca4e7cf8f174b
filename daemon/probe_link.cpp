#include "daemon/probe_link.hpp"

#include "daemon/probe_child.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <utility>

namespace vitald {

using namespace probe_wire;

namespace {

// With no signal blocked or ignored, whatever the calling thread has.
int spawn(const std::string& program, int socket, pid_t& process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, socket, 0);
  sigset_t signals;
  ::sigemptyset(&signals);
  ::posix_spawnattr_setsigmask(&attributes, &signals);
  ::sigfillset(&signals);
  ::posix_spawnattr_setsigdefault(&attributes, &signals);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string name = "vitald", argument = probe_argument;
  char* const arguments[] = {name.data(), argument.data(), nullptr};
  const int error = ::posix_spawn(&process, program.c_str(), &actions, &attributes, arguments, environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

Result<ProbeLink> ProbeLink::start(const std::string& program) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return system_fault("probe: socketpair");
  pid_t process = 0;
  const int error = spawn(program, ends[1], process);
  ::close(ends[1]);
  if (error == 0) return ProbeLink(process, ends[0]);
  ::close(ends[0]);
  return system_fault("probe: start", error);
}

ProbeLink::ProbeLink(ProbeLink&& from) noexcept
    : process_(from.process_),
      socket_(std::exchange(from.socket_, -1)),
      list_(std::move(from.list_)),
      count_(from.count_),
      at_(from.at_),
      started_(from.started_),
      busy_(from.busy_) {}

ProbeLink::~ProbeLink() {
  if (socket_ >= 0) ::close(socket_);
}

bool ProbeLink::add(std::string_view path) {
  if (count_ == 0) list_.assign(sizeof(Request), '\0');
  if (list_.size() + path.size() + 1 > most_bytes) return false;
  list_.append(path).push_back('\0');
  ++count_;
  return true;
}

void ProbeLink::send(Verb verb) {
  const Request request{verb, std::exchange(count_, 0)};
  std::memcpy(list_.data(), &request, sizeof request);
  at_ = sizeof request;
  busy_ = true;
  send(list_);
}

void ProbeLink::stop() {
  const Request request;
  send({reinterpret_cast<const char*>(&request), sizeof request});
}

void ProbeLink::send(std::string_view packet) {
  if (::send(socket_, packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    ::shutdown(socket_, SHUT_RDWR);  // then it is heard to be gone, as if it had ended
}

void ProbeLink::kill() { ::kill(process_, SIGKILL); }

ProbeLink::Heard ProbeLink::hear(Answer& out, std::span<char, most_bytes> bytes) {
  iovec parts[] = {{&out, sizeof out}, {bytes.data(), bytes.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  for (;;) {
    const auto n = ::recvmsg(socket_, &message, MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return Heard::nothing;
    const bool whole = n >= static_cast<ssize_t>(sizeof out) && static_cast<std::size_t>(n) == sizeof out + out.bytes;
    if (!whole || (started_ && !busy_)) return Heard::gone;
    if (!std::exchange(started_, true)) return Heard::started;
    if (!out.more) at_ += current().size() + 1;
    busy_ = !out.last;
    return Heard::answer;
  }
}

std::string_view ProbeLink::current() const {
  return at_ < list_.size() ? std::string_view(list_.c_str() + at_) : std::string_view();
}

}  // namespace vitald
