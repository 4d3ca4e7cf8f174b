#pragma once
// A network interface as the kernel tells of it by RTM_NEWLINK (rtnetlink(7)).
#include "collectors/base/netlink.hpp"
#include "collectors/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitald::netlink {

struct LinkCounters {  // struct rtnl_link_stats64, whose drivers' sums are left to the reader
  std::uint64_t rx_packets = 0, tx_packets = 0, rx_bytes = 0, tx_bytes = 0, rx_errors = 0, tx_errors = 0;
  std::uint64_t rx_dropped = 0, tx_dropped = 0, multicast = 0, collisions = 0;
  std::uint64_t rx_length_errors = 0, rx_over_errors = 0, rx_crc_errors = 0, rx_frame_errors = 0;
  std::uint64_t rx_fifo_errors = 0, rx_missed_errors = 0;
  std::uint64_t tx_aborted_errors = 0, tx_carrier_errors = 0, tx_fifo_errors = 0, tx_heartbeat_errors = 0;
  std::uint64_t tx_window_errors = 0, rx_compressed = 0, tx_compressed = 0;
  std::optional<std::uint64_t> rx_nohandler;  // since Linux 4.6
};

struct Link {  // texts are good as long as the message
  std::string_view name, alias;
  LinkCounters counters;
};

Result<Link> parse_link(std::string_view body);  // of an RTM_NEWLINK message

// Asks for all interfaces. (Virtual functions' details are large, and told only to who asks for them.)
Result<void> dump_links(Socket& socket, Listener& listener);

}  // namespace vitald::netlink
