#include "collectors/network/link_events.hpp"

#include "collectors/base/netlink.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace vitald::network {
namespace {

constexpr int receive_room = 128 << 10;  // some hundred messages; the kernel doubles it
constexpr int most_at_once = 4096;       // a flood is as good as a loss

}  // namespace

std::uint32_t changed_link(std::string_view message) {
  nlmsghdr head{};
  ifinfomsg link{};
  if (!netlink::front(message, head) || !netlink::front(message.substr(sizeof head), link)) return 0;
  if (head.nlmsg_type != RTM_NEWLINK && head.nlmsg_type != RTM_DELLINK) return 0;
  return static_cast<std::uint32_t>(link.ifi_index);
}

LinkEvents::~LinkEvents() {
  if (fd_ >= 0) ::close(fd_);
}

bool LinkEvents::open() {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (fd < 0) return false;
  sockaddr_nl links{};
  links.nl_family = AF_NETLINK;
  links.nl_groups = RTMGRP_LINK;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_room, sizeof receive_room);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&links), sizeof links) == 0) {
    fd_ = fd;
    return true;
  }
  ::close(fd);
  return false;
}

LinkEvents::Heard LinkEvents::listen(std::vector<std::uint32_t>& changed) {
  changed.clear();
  if (fd_ < 0) return open() ? Heard::lost : Heard::deaf;
  auto heard = Heard::nothing;
  for (int count = 0; count < most_at_once; ++count) {
    char bytes[sizeof(nlmsghdr) + sizeof(ifinfomsg)];  // the rest is not needed
    sockaddr_nl from{};
    socklen_t length = sizeof from;
    const auto n = ::recvfrom(fd_, bytes, sizeof bytes, MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&from), &length);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return heard;
    if (n >= 0 && length == sizeof from && from.nl_pid != 0) continue;  // no word of the kernel's
    const auto index = n < 0 ? 0 : changed_link({bytes, static_cast<std::size_t>(n)});
    if (index == 0) heard = Heard::lost;  // go on until the room is empty, so that all fits again
    if (index != 0) changed.push_back(index);
    if (index != 0 && heard == Heard::nothing) heard = Heard::some;
  }
  return Heard::lost;
}

}  // namespace vitald::network
