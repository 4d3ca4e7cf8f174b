#include "daemon/handed_over.hpp"

#include "collectors/base/scan.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace vitald {
namespace {

constexpr const char* variables[] = {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
                                     "LISTEN_FDS",    "LISTEN_PID",    "LISTEN_FDNAMES"};
constexpr int first_socket = 3, most_sockets = 64;

std::uint64_t number(std::string_view text) {  // 0 where it is none
  std::uint64_t value = 0;
  return scan::number(text, value) ? value : 0;
}

std::string_view take_name(std::string_view& names) {
  const auto end = std::min(names.find(':'), names.size());
  const auto name = names.substr(0, end);
  names.remove_prefix(std::min(end + 1, names.size()));
  return name;
}

}  // namespace

HandedOver read_handed_over(const Variable& variable, pid_t self) {
  HandedOver all;
  const auto own = static_cast<std::uint64_t>(self);
  const auto notify = variable("NOTIFY_SOCKET");
  if (notify.size() > 1 && (notify[0] == '/' || notify[0] == '@')) all.notify_socket = notify;
  const auto watched = variable("WATCHDOG_PID");
  if (!all.notify_socket.empty() && (watched.empty() || number(watched) == own))
    all.watchdog = std::chrono::microseconds(
        std::min<std::uint64_t>(number(variable("WATCHDOG_USEC")), std::chrono::microseconds::max().count()));
  if (number(variable("LISTEN_PID")) != own) return all;
  const auto count = std::min<std::uint64_t>(number(variable("LISTEN_FDS")), most_sockets);
  auto names = variable("LISTEN_FDNAMES");
  for (int i = 0; i < static_cast<int>(count); ++i)
    all.sockets.push_back({first_socket + i, std::string(take_name(names))});
  return all;
}

HandedOver take_handed_over() {
  const auto variable = [](const char* name) {
    const char* text = ::getenv(name);
    return std::string_view(text ? text : "");
  };
  auto all = read_handed_over(variable, ::getpid());
  for (const auto* name : variables) ::unsetenv(name);
  for (const auto& socket : all.sockets) ::fcntl(socket.fd, F_SETFD, FD_CLOEXEC);
  return all;
}

}  // namespace vitald
