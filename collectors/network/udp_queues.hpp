#pragma once
#include "collectors/base/page.hpp"

namespace vitald::network {

struct UdpQueues {  // of all sockets of one version of IP
  Text ip;
  std::uint64_t receive = 0, transmit = 0;  // bytes
};

// /proc/net/udp or udp6. Adds a row, also of no sockets.
Result<void> parse_udp(std::string_view text, std::string_view ip, Sheet<UdpQueues>& out);

}  // namespace vitald::network
