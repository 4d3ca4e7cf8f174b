#pragma once
// Network interfaces as the kernel tells of them by RTM_NEWLINK (rtnetlink(7)).
#include "collectors/base/netlink.hpp"
#include "collectors/base/result.hpp"
#include "collectors/base/text.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

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

struct Link {
  Text name, alias;
  Text address, broadcast;  // their bytes
  Text other_names;         // each with a zero behind it
  std::uint16_t type = 0;
  std::uint32_t index = 0, flags = 0;  // IFF_…, with those that only tell a state
  std::optional<std::uint32_t> lower, mtu, queue_length, group, promiscuity, all_multicast;
  std::optional<std::uint32_t> carrier_changes, carrier_up, carrier_down;
  std::optional<std::uint8_t> carrier, link_mode, operational_state;
  LinkCounters counters;
};

// Of an RTM_NEWLINK message.
Result<void> parse_link(std::string_view body, Link& out);

// Asks for all interfaces. (Virtual functions' details are large, and told only to who asks for them.)
Result<void> dump_links(Socket& socket, Listener& listener);

// All interfaces, in the kernel's order. What it hands out is good until it is asked again.
class Links final : private Listener {
 public:
  static constexpr std::size_t most = 65536;  // some 30 MiB of memory

  Result<std::span<const Link>> read();
  static std::string_view path() { return "netlink: interfaces"; }

 private:
  void begin() override { used_ = 0; }
  Result<void> take(const Message& message) override;

  Socket socket_;
  std::vector<Link> links_;  // they keep their texts' capacity
  std::size_t used_ = 0;
};

}  // namespace vitald::netlink
