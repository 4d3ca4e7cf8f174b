// What the files of an InfiniBand port hold.
#include "collectors/network/infiniband_port.hpp"

#include "collectors/base/scan.hpp"

namespace vitald::network {
namespace {

bool count(std::string_view text, std::uint64_t& out) {
  const bool hexadecimal = text.starts_with("0x");  // some of the old drivers
  if (!hexadecimal) return scan::number(text, out);
  const auto digits = text.substr(2);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
  return !digits.empty() && error == std::errc{} && end == digits.data() + digits.size();
}

bool bytes_of_words(std::string_view text, std::uint64_t& out) {
  if (!count(text, out)) return false;
  out *= 4;  // as the peer, whose product wraps, too
  return true;
}

bool whole_seconds(std::string_view text, std::uint64_t& out) {  // of milliseconds
  if (!count(text, out)) return false;
  out /= 1000;
  return true;
}

template <PortCounter Port::*Member, bool (*Parse)(std::string_view, std::uint64_t&)>
bool store(const Attribute&, std::string_view text, void* row) {
  if (text == "N/A (no PMA)") return true;  // the port has no agent that counts
  std::uint64_t value = 0;
  if (!Parse(text, value)) return false;
  static_cast<Port*>(row)->*Member = value;
  return true;
}
template <PortCounter Port::*Member, bool (*Parse)(std::string_view, std::uint64_t&)>
consteval Attribute told(std::string_view file) {
  return Attribute{file, &store<Member, Parse>};
}

constexpr Attribute attributes[] = {
    told<&Port::legacy_data_received_bytes, bytes_of_words>("counters_ext/port_rcv_data_64"),
    told<&Port::legacy_data_transmitted_bytes, bytes_of_words>("counters_ext/port_xmit_data_64"),
    told<&Port::legacy_multicast_packets_received, count>("counters_ext/port_multicast_rcv_packets"),
    told<&Port::legacy_multicast_packets_transmitted, count>("counters_ext/port_multicast_xmit_packets"),
    told<&Port::legacy_packets_received, count>("counters_ext/port_rcv_packets_64"),
    told<&Port::legacy_packets_transmitted, count>("counters_ext/port_xmit_packets_64"),
    told<&Port::legacy_unicast_packets_received, count>("counters_ext/port_unicast_rcv_packets"),
    told<&Port::legacy_unicast_packets_transmitted, count>("counters_ext/port_unicast_xmit_packets"),
    told<&Port::link_downed, count>("counters/link_downed"),
    told<&Port::link_error_recovery, count>("counters/link_error_recovery"),
    told<&Port::multicast_packets_received, count>("counters/multicast_rcv_packets"),
    told<&Port::multicast_packets_transmitted, count>("counters/multicast_xmit_packets"),
    told<&Port::physical_state_id, parse_state>("phys_state").required(),
    told<&Port::port_constraint_errors_received, count>("counters/port_rcv_constraint_errors"),
    told<&Port::port_constraint_errors_transmitted, count>("counters/port_xmit_constraint_errors"),
    told<&Port::port_data_received_bytes, bytes_of_words>("counters/port_rcv_data"),
    told<&Port::port_data_transmitted_bytes, bytes_of_words>("counters/port_xmit_data"),
    told<&Port::port_discards_received, count>("counters/port_rcv_discards"),
    told<&Port::port_discards_transmitted, count>("counters/port_xmit_discards"),
    told<&Port::port_errors_received, count>("counters/port_rcv_errors"),
    told<&Port::port_packets_received, count>("counters/port_rcv_packets"),
    told<&Port::port_packets_transmitted, count>("counters/port_xmit_packets"),
    told<&Port::port_transmit_wait, count>("counters/port_xmit_wait"),
    told<&Port::rate_bytes_per_second, parse_rate>("rate").required(),
    told<&Port::state_id, parse_state>("state").required(),
    told<&Port::unicast_packets_received, count>("counters/unicast_rcv_packets"),
    told<&Port::unicast_packets_transmitted, count>("counters/unicast_xmit_packets"),
    told<&Port::excessive_buffer_overrun_errors, count>("counters/excessive_buffer_overrun_errors"),
    told<&Port::local_link_integrity_errors, count>("counters/local_link_integrity_errors"),
    told<&Port::port_receive_remote_physical_errors, count>("counters/port_rcv_remote_physical_errors"),
    told<&Port::port_receive_switch_relay_errors, count>("counters/port_rcv_switch_relay_errors"),
    told<&Port::symbol_error, count>("counters/symbol_error"),
    told<&Port::vl15_dropped, count>("counters/VL15_dropped"),
    told<&Port::lifespan_seconds, whole_seconds>("hw_counters/lifespan"),
    told<&Port::duplicate_requests_packets, count>("hw_counters/duplicate_request"),
    told<&Port::implied_nak_seq_errors, count>("hw_counters/implied_nak_seq_err"),
    told<&Port::local_ack_timeout_errors, count>("hw_counters/local_ack_timeout_err"),
    told<&Port::np_cnp_packets_sent, count>("hw_counters/np_cnp_sent"),
    told<&Port::np_ecn_marked_roce_packets_received, count>("hw_counters/np_ecn_marked_roce_packets"),
    told<&Port::out_of_buffer_drops, count>("hw_counters/out_of_buffer"),
    told<&Port::out_of_sequence_packets_received, count>("hw_counters/out_of_sequence"),
    told<&Port::packet_sequence_errors, count>("hw_counters/packet_seq_err"),
    told<&Port::req_cqes_errors, count>("hw_counters/req_cqe_error"),
    told<&Port::req_cqes_flush_errors, count>("hw_counters/req_cqe_flush_error"),
    told<&Port::req_remote_access_errors, count>("hw_counters/req_remote_access_errors"),
    told<&Port::req_remote_invalid_request_errors, count>("hw_counters/req_remote_invalid_request"),
    told<&Port::resp_cqes_errors, count>("hw_counters/resp_cqe_error"),
    told<&Port::resp_cqes_flush_errors, count>("hw_counters/resp_cqe_flush_error"),
    told<&Port::resp_local_length_errors, count>("hw_counters/resp_local_length_error"),
    told<&Port::resp_remote_access_errors, count>("hw_counters/resp_remote_access_errors"),
    told<&Port::rnr_nak_retry_packets_received, count>("hw_counters/rnr_nak_retry_err"),
    told<&Port::roce_adp_retransmits, count>("hw_counters/roce_adp_retrans"),
    told<&Port::roce_adp_retransmits_timeout, count>("hw_counters/roce_adp_retrans_to"),
    told<&Port::roce_slow_restart_used, count>("hw_counters/roce_slow_restart"),
    told<&Port::roce_slow_restart_cnps, count>("hw_counters/roce_slow_restart_cnps"),
    told<&Port::roce_slow_restart, count>("hw_counters/roce_slow_restart_trans"),
    told<&Port::rp_cnp_packets_handled, count>("hw_counters/rp_cnp_handled"),
    told<&Port::rp_cnp_ignored_packets_received, count>("hw_counters/rp_cnp_ignored"),
    told<&Port::rx_atomic_requests, count>("hw_counters/rx_atomic_requests"),
    told<&Port::rx_dct_connect_requests, count>("hw_counters/rx_dct_connect"),
    told<&Port::rx_read_requests, count>("hw_counters/rx_read_requests"),
    told<&Port::rx_write_requests, count>("hw_counters/rx_write_requests"),
    told<&Port::rx_icrc_encapsulated_errors, count>("hw_counters/rx_icrc_encapsulated"),
};

}  // namespace

bool parse_state(std::string_view text, std::uint64_t& number) {
  const auto colon = text.find(':');
  return colon != text.npos && scan::number(text.substr(0, colon), number);
}

bool parse_rate(std::string_view text, std::uint64_t& bytes) {
  double gigabits = 0;
  if (!scan::number(scan::take_word(text), gigabits) || scan::take_word(text) != "Gb/sec") return false;
  const double exact = gigabits * 125'000'000;
  if (!(exact < 0x1p63)) return false;
  bytes = static_cast<std::uint64_t>(exact);
  return true;
}

std::span<const Attribute> port_attributes() { return attributes; }

}  // namespace vitald::network
