#pragma once
#include "collectors/base/page.hpp"

namespace vitald::network {

struct SocketCount {
  Text name;               // protocol and key: "TCP_inuse"
  std::int64_t value = 0;  // signed as in the kernel, whose per-CPU sums can be below 0 for a moment
};

// /proc/net/sockstat, or sockstat6, whose line of all sockets is not shown again. Adds to what is there.
enum class Family : std::uint8_t { ipv4, ipv6 };
Result<void> parse_sockstat(std::string_view text, Family family, std::int64_t page_size, Sheet<SocketCount>& out);

}  // namespace vitald::network
