#pragma once
#include "collectors/base/page.hpp"

namespace vitald::network {

struct UdpQueues {  // of all sockets of one version of IP
  Text ip;
  std::uint64_t receive = 0, transmit = 0;  // bytes
};

// /proc/net/udp or udp6. Adds a row, also of no sockets.
Result<void> parse_udp(std::string_view text, std::string_view ip, Sheet<UdpQueues>& out);

// Whether /proc/net/sockstat (of "UDP") or sockstat6 (of "UDP6") counts no socket. False where it does not say.
bool counts_none(std::string_view sockstat, std::string_view protocol);

}  // namespace vitald::network
