#include "collectors/base/uevents.hpp"

#include "collectors/base/scan.hpp"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace vitald {
namespace {

constexpr int receive_room = 128 << 10;                      // some hundred events; the kernel doubles it
constexpr int most_at_once = 4096;                           // messages; a flood is as good as a loss
constexpr unsigned kernels_group = 1;                        // 2 is udev's
constexpr std::uint64_t first_user_name_space = 0xEFFFFFFD;  // its inode: PROC_USER_INIT_INO

// Events of devices without a network name space go only to those that belong to the first user name space.
bool events_come_here() {
  const int network = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (network < 0) return false;
  const int owner = ::ioctl(network, NS_GET_USERNS);
  struct stat about {};
  const bool first = owner >= 0 && ::fstat(owner, &about) == 0 && about.st_ino == first_user_name_space;
  if (owner >= 0) ::close(owner);
  ::close(network);
  return first;
}

}  // namespace

// "add@/devices/…", then KEY=value, each with a zero behind it.
std::string_view subsystem_of_uevent(std::string_view message) {
  constexpr std::string_view key = "SUBSYSTEM=";
  if (scan::take_until(message, '\0').find("@/") == std::string_view::npos) return {};
  while (!message.empty())
    if (const auto line = scan::take_until(message, '\0'); line.starts_with(key)) return line.substr(key.size());
  return {};
}

Uevents::~Uevents() {
  if (fd_ >= 0) ::close(fd_);
}

void Uevents::hear(int socket) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = socket;
  tried_ = true;
  of_all_.fetch_add(1, std::memory_order_relaxed);
}

Uevents::Watch Uevents::watch(std::string_view subsystem) {
  return {*this, subsystem.empty() || subsystem == "net" ? nullptr : &counts_[std::string(subsystem)]};
}

Uevents::News Uevents::Watch::news() {
  if (!count_ || !events_->receive(begins_)) return News::unknown;
  const auto now = *count_ + events_->of_all_;
  return std::exchange(seen_, now) == now ? News::none : News::some;
}

bool Uevents::receive(bool begins) {
  if (busy_.test_and_set(std::memory_order_acquire)) return false;
  const auto now = now_.load(std::memory_order_relaxed);
  const bool heard = begins ? open() : fd_ >= 0;
  if (heard && std::exchange(received_in_, now) != now && !take_all()) of_all_.fetch_add(1, std::memory_order_relaxed);
  busy_.clear(std::memory_order_release);
  return heard;
}

bool Uevents::open() {
  if (std::exchange(tried_, true) || !events_come_here()) return fd_ >= 0;
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
  if (fd < 0) return false;
  sockaddr_nl all{};
  all.nl_family = AF_NETLINK;
  all.nl_groups = kernels_group;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_room, sizeof receive_room);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&all), sizeof all) == 0) {
    fd_ = fd;
    return true;
  }
  ::close(fd);
  return false;
}

bool Uevents::take_all() {
  bool whole = true;
  char bytes[8192];  // the kernel's are below 2 KiB and a path
  for (int count = 0; count < most_at_once; ++count) {
    sockaddr_nl from{};
    socklen_t length = sizeof from;
    const auto n =
        ::recvfrom(fd_, bytes, sizeof bytes, MSG_DONTWAIT | MSG_TRUNC, reinterpret_cast<sockaddr*>(&from), &length);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return whole;
    if (n < 0 && errno != ENOBUFS) return false;
    if (n >= 0 && length == sizeof from && from.nl_pid != 0) continue;  // no word of the kernel's
    all_.fetch_add(1, std::memory_order_relaxed);
    const auto size = n < 0 ? sizeof bytes + 1 : static_cast<std::size_t>(n);
    const auto subsystem = size <= sizeof bytes ? subsystem_of_uevent({bytes, size}) : std::string_view{};
    if (subsystem.empty()) whole = false;  // something was lost: go on until the room is empty, so that all fits again
    if (const auto found = counts_.find(subsystem); found != counts_.end())
      found->second.fetch_add(1, std::memory_order_relaxed);
  }
  return false;
}

}  // namespace vitald
