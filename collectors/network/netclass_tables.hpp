#pragma once
// Families and options of the collector netclass; only it includes this.
#include "collectors/base/option.hpp"
#include "collectors/base/table.hpp"
#include "collectors/network/interface.hpp"
#include "collectors/network/netdev.hpp"

namespace vitald::network {

inline constexpr Option netclass_options[] = {
    {"collector.netclass.ignore-invalid-speed", Option::Kind::boolean, "false",
     "Leave out a speed that the kernel gives as -1."},
    {"collector.netclass.ignored-devices", Option::Kind::regexp, "^$", "Devices to leave out."},
    {"collector.netclass.netlink", Option::Kind::boolean, "false", "Ask by netlink alone, under slightly other names."},
    {"collector.netclass_rtnl.with-stats", Option::Kind::boolean, "false",
     "With --collector.netclass.netlink, where the collector netdev is off: show the counters, too."},
};

inline constexpr Key interface_keys[] = {key<&Interface::device>("device")};
inline constexpr Key file_info_keys[] = {
    key<&Interface::address>("address"),     key<&Interface::adminstate>("adminstate"),
    key<&Interface::broadcast>("broadcast"), key<&Interface::device>("device"),
    key<&Interface::duplex>("duplex"),       key<&Interface::ifalias>("ifalias"),
    key<&Interface::operstate>("operstate")};
inline constexpr Key message_info_keys[] = {
    key<&Interface::address>("address"), key<&Interface::broadcast>("broadcast"),
    key<&Interface::device>("device"),   key<&Interface::duplex>("duplex"),
    key<&Interface::ifalias>("ifalias"), key<&Interface::operstate>("operstate")};

consteval auto interface_columns(std::span<const Key> info_keys) {
  return std::to_array<Column>({
      gauge<&Interface::address_assign_type>("network_address_assign_type", "Where the address came from."),
      gauge<&Interface::carrier>("network_carrier", "Whether the line is there."),
      counter<&Interface::carrier_changes>("network_carrier_changes_total", "How often the line came or went."),
      counter<&Interface::carrier_down>("network_carrier_down_changes_total", "How often the line went."),
      counter<&Interface::carrier_up>("network_carrier_up_changes_total", "How often the line came."),
      gauge<&Interface::device_id>("network_device_id", "Tells interfaces of one address apart."),
      gauge<&Interface::dormant>("network_dormant", "Whether the interface waits for something outside."),
      gauge<&Interface::flags>("network_flags", "The interface's flags, IFF_UP and others."),
      gauge<&Interface::index>("network_iface_id", "The interface's number."),
      gauge<&Interface::link>("network_iface_link", "The number of the interface below."),
      gauge<&Interface::link_mode>("network_iface_link_mode", "How the interface comes up, as RFC 2863 has it."),
      with_keys(info("network_info", "Addresses and states of the interface."), info_keys),
      gauge<&Interface::mtu>("network_mtu_bytes", "The largest packet."),
      gauge<&Interface::name_assign_type>("network_name_assign_type", "Where the name came from."),
      gauge<&Interface::group>("network_net_dev_group", "The group of the interface."),
      gauge<&Interface::type>("network_protocol_type", "The kind of link, ARPHRD_ETHER and others."),
      gauge<&Interface::speed>("network_speed_bytes", "Bytes a second of the line."),
      gauge<&Interface::queue_length>("network_transmit_queue_length", "How many packets may wait to be sent."),
      gauge<&Interface::up>("network_up", "Whether the interface works."),
  });
}
inline constexpr auto file_columns = interface_columns(file_info_keys);
inline constexpr auto message_columns = interface_columns(message_info_keys);
inline constexpr Table<Interface> file_table{
    {"interfaces", "/sys/class/net and rtnetlink", interface_keys, file_columns}};
inline constexpr Table<Interface> message_table{{"interfaces", "rtnetlink", interface_keys, message_columns}};

struct OtherName {
  Text altname, device;
};
inline constexpr Key other_name_keys[] = {key<&OtherName::altname>("altname"), key<&OtherName::device>("device")};
inline constexpr Column other_name_columns[] = {info("network_altnames_info", "Another name of the interface.")};
inline constexpr Table<OtherName> other_name_table{
    {"interface_altnames", "rtnetlink", other_name_keys, other_name_columns}};

// The peer calls these counters gauges.
inline constexpr Key raw_keys[] = {key<&RawTraffic::device>("device")};
inline constexpr Column link_counter_columns[] = {
    gauge<&RawTraffic::collisions>(peer_name("network_collisions_total"), "Collisions while sending."),
    gauge<&RawTraffic::multicast>(peer_name("network_multicast_total"), "Multicast packets received."),
    gauge<&RawTraffic::receive_bytes>(peer_name("network_receive_bytes_total"), "Bytes received."),
    gauge<&RawTraffic::receive_compressed>(peer_name("network_receive_compressed_total"),
                                           "Compressed packets received."),
    gauge<&RawTraffic::receive_crc>(peer_name("network_receive_crc_errors_total"),
                                    "Packets received with a wrong checksum."),
    gauge<&RawTraffic::receive_dropped>(peer_name("network_receive_dropped_total"), "Packets received and dropped."),
    gauge<&RawTraffic::receive_errors>(peer_name("network_receive_errors_total"), "Faulty packets received."),
    gauge<&RawTraffic::receive_fifo>(peer_name("network_receive_fifo_errors_total"), "Receive queue overruns."),
    gauge<&RawTraffic::receive_frame>(peer_name("network_receive_frame_errors_total"), "Packets received misaligned."),
    gauge<&RawTraffic::receive_length>(peer_name("network_receive_length_errors_total"),
                                       "Packets of a wrong length received."),
    gauge<&RawTraffic::receive_missed>(peer_name("network_receive_missed_errors_total"),
                                       "Packets missed by the device."),
    gauge<&RawTraffic::receive_nohandler>(peer_name("network_receive_nohandler_total"),
                                          "Packets received that nobody took."),
    gauge<&RawTraffic::receive_over>(peer_name("network_receive_over_errors_total"), "Packets too large for the ring."),
    gauge<&RawTraffic::receive_packets>(peer_name("network_receive_packets_total"), "Packets received."),
    gauge<&RawTraffic::transmit_aborted>(peer_name("network_transmit_aborted_errors_total"),
                                         "Packets whose sending was aborted."),
    gauge<&RawTraffic::transmit_bytes>(peer_name("network_transmit_bytes_total"), "Bytes sent."),
    gauge<&RawTraffic::transmit_carrier>(peer_name("network_transmit_carrier_errors_total"),
                                         "Packets lost with the carrier."),
    gauge<&RawTraffic::transmit_compressed>(peer_name("network_transmit_compressed_total"), "Compressed packets sent."),
    gauge<&RawTraffic::transmit_dropped>(peer_name("network_transmit_dropped_total"), "Packets dropped and not sent."),
    gauge<&RawTraffic::transmit_errors>(peer_name("network_transmit_errors_total"), "Packets not sent for an error."),
    gauge<&RawTraffic::transmit_fifo>(peer_name("network_transmit_fifo_errors_total"), "Send queue errors."),
    gauge<&RawTraffic::transmit_heartbeat>(peer_name("network_transmit_heartbeat_errors_total"), "Heartbeat errors."),
    gauge<&RawTraffic::transmit_packets>(peer_name("network_transmit_packets_total"), "Packets sent."),
    gauge<&RawTraffic::transmit_window>(peer_name("network_transmit_window_errors_total"), "Late collisions."),
};
inline constexpr Table<RawTraffic> link_counter_table{
    {"interface_counters", "rtnetlink", raw_keys, link_counter_columns}};

}  // namespace vitald::network
