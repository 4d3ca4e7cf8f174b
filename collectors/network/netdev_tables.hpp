#pragma once
// Families and options of the collector netdev; only it includes this.
#include "collectors/base/option.hpp"
#include "collectors/base/table.hpp"
#include "collectors/network/addresses.hpp"
#include "collectors/network/netdev.hpp"

namespace vitald::network {

inline constexpr Option netdev_options[] = {
    {"collector.netdev.address-info", Option::Kind::boolean, "false", "Show the interfaces' addresses."},
    {"collector.netdev.device-exclude", Option::Kind::regexp, "", "Devices to leave out; not beside device-include.",
     "collector.netdev.device-include"},
    {"collector.netdev.device-include", Option::Kind::regexp, "",
     "Devices to show, and no others; not beside device-exclude.", "collector.netdev.device-exclude"},
    {"collector.netdev.device-blacklist",
     Option::Kind::regexp,
     "",
     "The old name of device-exclude.",
     {},
     "collector.netdev.device-exclude",
     false,
     true},
    {"collector.netdev.device-whitelist",
     Option::Kind::regexp,
     "",
     "The old name of device-include.",
     {},
     "collector.netdev.device-include",
     false,
     true},
    {"collector.netdev.enable-detailed-metrics", Option::Kind::boolean, "false",
     "Show the kernel's counters one by one, under other names."},
    {"collector.netdev.label-ifalias", Option::Kind::boolean, "false", "Add the label ifalias."},
    {"collector.netdev.netlink", Option::Kind::boolean, "true", "Ask by netlink instead of reading /proc/net/dev."},
};

inline constexpr Column traffic_columns[] = {
    counter<&Traffic::receive_bytes>("network_receive_bytes_total", "Bytes received."),
    counter<&Traffic::receive_compressed>("network_receive_compressed_total", "Compressed packets received."),
    counter<&Traffic::receive_drop>("network_receive_drop_total", "Packets received and dropped, or missed."),
    counter<&Traffic::receive_errors>("network_receive_errs_total", "Faulty packets received."),
    counter<&Traffic::receive_fifo>("network_receive_fifo_total", "Receive queue overruns."),
    counter<&Traffic::receive_frame>("network_receive_frame_total",
                                     "Packets received with a wrong length, checksum or frame."),
    counter<&Traffic::multicast>("network_receive_multicast_total", "Multicast packets received."),
    counter<&Traffic::receive_nohandler>("network_receive_nohandler_total", "Packets received that nobody took."),
    counter<&Traffic::receive_packets>("network_receive_packets_total", "Packets received."),
    counter<&Traffic::transmit_bytes>("network_transmit_bytes_total", "Bytes sent."),
    counter<&Traffic::transmit_carrier>("network_transmit_carrier_total",
                                        "Packets not sent for the state of the line."),
    counter<&Traffic::collisions>("network_transmit_colls_total", "Collisions while sending."),
    counter<&Traffic::transmit_compressed>("network_transmit_compressed_total", "Compressed packets sent."),
    counter<&Traffic::transmit_drop>("network_transmit_drop_total", "Packets dropped and not sent."),
    counter<&Traffic::transmit_errors>("network_transmit_errs_total", "Packets not sent for an error."),
    counter<&Traffic::transmit_fifo>("network_transmit_fifo_total", "Send queue errors."),
    counter<&Traffic::transmit_packets>("network_transmit_packets_total", "Packets sent."),
};

// The detailed names for what /proc/net/dev has: only four are others.
inline constexpr Column renamed_columns[] = {
    counter<&Traffic::receive_bytes>("network_receive_bytes_total", "Bytes received."),
    counter<&Traffic::receive_compressed>("network_receive_compressed_total", "Compressed packets received."),
    counter<&Traffic::receive_drop>("network_receive_dropped_total", "Packets received and dropped, or missed."),
    counter<&Traffic::receive_errors>("network_receive_errors_total", "Faulty packets received."),
    counter<&Traffic::receive_fifo>("network_receive_fifo_total", "Receive queue overruns."),
    counter<&Traffic::receive_frame>("network_receive_frame_total",
                                     "Packets received with a wrong length, checksum or frame."),
    counter<&Traffic::multicast>("network_receive_multicast_total", "Multicast packets received."),
    counter<&Traffic::receive_packets>("network_receive_packets_total", "Packets received."),
    counter<&Traffic::transmit_bytes>("network_transmit_bytes_total", "Bytes sent."),
    counter<&Traffic::transmit_carrier>("network_transmit_carrier_total",
                                        "Packets not sent for the state of the line."),
    counter<&Traffic::collisions>("network_transmit_colls_total", "Collisions while sending."),
    counter<&Traffic::transmit_compressed>("network_transmit_compressed_total", "Compressed packets sent."),
    counter<&Traffic::transmit_drop>("network_transmit_dropped_total", "Packets dropped and not sent."),
    counter<&Traffic::transmit_errors>("network_transmit_errors_total", "Packets not sent for an error."),
    counter<&Traffic::transmit_fifo>("network_transmit_fifo_total", "Send queue errors."),
    counter<&Traffic::transmit_packets>("network_transmit_packets_total", "Packets sent."),
};

inline constexpr Column raw_columns[] = {
    counter<&RawTraffic::collisions>("network_collisions_total", "Collisions while sending."),
    counter<&RawTraffic::multicast>("network_multicast_total", "Multicast packets received."),
    counter<&RawTraffic::receive_bytes>("network_receive_bytes_total", "Bytes received."),
    counter<&RawTraffic::receive_compressed>("network_receive_compressed_total", "Compressed packets received."),
    counter<&RawTraffic::receive_crc>("network_receive_crc_errors_total", "Packets received with a wrong checksum."),
    counter<&RawTraffic::receive_dropped>("network_receive_dropped_total", "Packets received and dropped."),
    counter<&RawTraffic::receive_errors>("network_receive_errors_total", "Faulty packets received."),
    counter<&RawTraffic::receive_fifo>("network_receive_fifo_errors_total", "Receive queue overruns."),
    counter<&RawTraffic::receive_frame>("network_receive_frame_errors_total", "Packets received misaligned."),
    counter<&RawTraffic::receive_length>("network_receive_length_errors_total", "Packets of a wrong length received."),
    counter<&RawTraffic::receive_missed>("network_receive_missed_errors_total", "Packets missed by the device."),
    counter<&RawTraffic::receive_nohandler>("network_receive_nohandler_total", "Packets received that nobody took."),
    counter<&RawTraffic::receive_over>("network_receive_over_errors_total", "Packets too large for the ring."),
    counter<&RawTraffic::receive_packets>("network_receive_packets_total", "Packets received."),
    counter<&RawTraffic::transmit_aborted>("network_transmit_aborted_errors_total",
                                           "Packets whose sending was aborted."),
    counter<&RawTraffic::transmit_bytes>("network_transmit_bytes_total", "Bytes sent."),
    counter<&RawTraffic::transmit_carrier>("network_transmit_carrier_errors_total", "Packets lost with the carrier."),
    counter<&RawTraffic::transmit_compressed>("network_transmit_compressed_total", "Compressed packets sent."),
    counter<&RawTraffic::transmit_dropped>("network_transmit_dropped_total", "Packets dropped and not sent."),
    counter<&RawTraffic::transmit_errors>("network_transmit_errors_total", "Packets not sent for an error."),
    counter<&RawTraffic::transmit_fifo>("network_transmit_fifo_errors_total", "Send queue errors."),
    counter<&RawTraffic::transmit_heartbeat>("network_transmit_heartbeat_errors_total", "Heartbeat errors."),
    counter<&RawTraffic::transmit_packets>("network_transmit_packets_total", "Packets sent."),
    counter<&RawTraffic::transmit_window>("network_transmit_window_errors_total", "Late collisions."),
};

inline constexpr Key address_keys[] = {key<&Address::address>("address"), key<&Address::device>("device"),
                                       key<&Address::netmask>("netmask"), key<&Address::scope>("scope")};
inline constexpr Column address_columns[] = {info("network_address_info", "An address of the interface.")};
inline constexpr Table<Address> address_table{{"network_addresses", "getifaddrs(3)", address_keys, address_columns}};

// A set of families, with the label ifalias or without.
template <class Row>
struct Tables {
  Table<Row> named, aliased;
};
template <class Row>
inline constexpr Key device_keys[] = {key<&Row::device>("device"), key<&Row::ifalias>("ifalias")};
template <class Row>
consteval Tables<Row> tables(std::string_view source, std::span<const Column> columns) {
  const std::span<const Key> keys = device_keys<Row>;
  return {{{"network", source, keys.first(1), columns}}, {{"network", source, keys, columns}}};
}
inline constexpr auto traffic_tables = tables<Traffic>("rtnetlink or /proc/net/dev", traffic_columns);
inline constexpr auto renamed_tables = tables<Traffic>("/proc/net/dev", renamed_columns);
inline constexpr auto raw_tables = tables<RawTraffic>("rtnetlink", raw_columns);

}  // namespace vitald::network
