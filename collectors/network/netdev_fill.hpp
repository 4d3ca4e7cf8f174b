#pragma once
// The counters that netlink tells of a link, as rows of the collector netdev.
#include "collectors/base/link.hpp"
#include "collectors/network/netdev.hpp"

namespace vitald::network {

// Sums some of the errors as dev_seq_printf_stats() of the kernel does for /proc/net/dev.
inline void fill(const netlink::Link& link, Traffic& out) {
  const auto& from = link.counters;
  out.receive_bytes = from.rx_bytes;
  out.receive_packets = from.rx_packets;
  out.receive_errors = from.rx_errors;
  out.receive_drop = from.rx_dropped + from.rx_missed_errors;
  out.receive_fifo = from.rx_fifo_errors;
  out.receive_frame = from.rx_length_errors + from.rx_over_errors + from.rx_crc_errors + from.rx_frame_errors;
  out.receive_compressed = from.rx_compressed;
  out.receive_nohandler = from.rx_nohandler;
  out.multicast = from.multicast;
  out.transmit_bytes = from.tx_bytes;
  out.transmit_packets = from.tx_packets;
  out.transmit_errors = from.tx_errors;
  out.transmit_drop = from.tx_dropped;
  out.transmit_fifo = from.tx_fifo_errors;
  out.collisions = from.collisions;
  out.transmit_carrier =
      from.tx_carrier_errors + from.tx_aborted_errors + from.tx_window_errors + from.tx_heartbeat_errors;
  out.transmit_compressed = from.tx_compressed;
}

inline void fill(const netlink::Link& link, RawTraffic& out) {
  const auto& from = link.counters;
  out.collisions = from.collisions;
  out.multicast = from.multicast;
  out.receive_bytes = from.rx_bytes;
  out.receive_compressed = from.rx_compressed;
  out.receive_crc = from.rx_crc_errors;
  out.receive_dropped = from.rx_dropped;
  out.receive_errors = from.rx_errors;
  out.receive_fifo = from.rx_fifo_errors;
  out.receive_frame = from.rx_frame_errors;
  out.receive_length = from.rx_length_errors;
  out.receive_missed = from.rx_missed_errors;
  out.receive_nohandler = from.rx_nohandler;
  out.receive_over = from.rx_over_errors;
  out.receive_packets = from.rx_packets;
  out.transmit_aborted = from.tx_aborted_errors;
  out.transmit_bytes = from.tx_bytes;
  out.transmit_carrier = from.tx_carrier_errors;
  out.transmit_compressed = from.tx_compressed;
  out.transmit_dropped = from.tx_dropped;
  out.transmit_errors = from.tx_errors;
  out.transmit_fifo = from.tx_fifo_errors;
  out.transmit_heartbeat = from.tx_heartbeat_errors;
  out.transmit_packets = from.tx_packets;
  out.transmit_window = from.tx_window_errors;
}

}  // namespace vitald::network
