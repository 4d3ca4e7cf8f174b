#pragma once
#include "collectors/base/page.hpp"

namespace vitald::network {

struct SoftnetCounts {  // of one processor; 0 where the kernel is too old to tell
  Text cpu;
  std::uint32_t processed = 0, dropped = 0, times_squeezed = 0, cpu_collision = 0;
  std::uint32_t received_rps = 0, flow_limit_count = 0, backlog_len = 0;
};

Result<void> parse_softnet(std::string_view text, Sheet<SoftnetCounts>& out);  // /proc/net/softnet_stat

}  // namespace vitald::network
