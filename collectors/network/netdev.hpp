#pragma once
#include "collectors/base/page.hpp"
#include "collectors/base/seen_names.hpp"

#include <optional>

namespace vitald::network {

struct Traffic {  // as /proc/net/dev counts: some of the errors together
  Text device, ifalias;
  std::uint64_t receive_bytes = 0, receive_packets = 0, receive_errors = 0, receive_drop = 0, receive_fifo = 0;
  std::uint64_t receive_frame = 0, receive_compressed = 0, multicast = 0;
  std::uint64_t transmit_bytes = 0, transmit_packets = 0, transmit_errors = 0, transmit_drop = 0, transmit_fifo = 0;
  std::uint64_t collisions = 0, transmit_carrier = 0, transmit_compressed = 0;
  std::optional<std::uint64_t> receive_nohandler;  // only by netlink, since Linux 4.6
};

struct RawTraffic {  // each of the kernel's counters
  Text device, ifalias;
  std::uint64_t collisions = 0, multicast = 0, receive_bytes = 0, receive_compressed = 0, receive_crc = 0;
  std::uint64_t receive_dropped = 0, receive_errors = 0, receive_fifo = 0, receive_frame = 0, receive_length = 0;
  std::uint64_t receive_missed = 0, receive_over = 0, receive_packets = 0;
  std::uint64_t transmit_aborted = 0, transmit_bytes = 0, transmit_carrier = 0, transmit_compressed = 0;
  std::uint64_t transmit_dropped = 0, transmit_errors = 0, transmit_fifo = 0, transmit_heartbeat = 0;
  std::uint64_t transmit_packets = 0, transmit_window = 0;
  std::optional<std::uint64_t> receive_nohandler;
};

Result<void> parse_net_dev(std::string_view text, SeenNames& names, Sheet<Traffic>& out);  // /proc/net/dev

}  // namespace vitald::network
