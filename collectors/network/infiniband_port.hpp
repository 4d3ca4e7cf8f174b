#pragma once
// Ports of InfiniBand adapters; only the collector, its tests and the fuzzer include this.
#include "collectors/base/attribute.hpp"
#include "collectors/base/text.hpp"

#include <cstdint>
#include <optional>

namespace vitald::network {

using PortCounter = std::optional<std::uint64_t>;

struct Port {
  Text device, port;
  PortCounter legacy_data_received_bytes, legacy_data_transmitted_bytes, legacy_multicast_packets_received,
      legacy_multicast_packets_transmitted, legacy_packets_received, legacy_packets_transmitted,
      legacy_unicast_packets_received, legacy_unicast_packets_transmitted, link_downed, link_error_recovery,
      multicast_packets_received, multicast_packets_transmitted, physical_state_id, port_constraint_errors_received,
      port_constraint_errors_transmitted, port_data_received_bytes, port_data_transmitted_bytes, port_discards_received,
      port_discards_transmitted, port_errors_received, port_packets_received, port_packets_transmitted,
      port_transmit_wait, rate_bytes_per_second, state_id, unicast_packets_received, unicast_packets_transmitted,
      excessive_buffer_overrun_errors, local_link_integrity_errors, port_receive_remote_physical_errors,
      port_receive_switch_relay_errors, symbol_error, vl15_dropped, lifespan_seconds, duplicate_requests_packets,
      implied_nak_seq_errors, local_ack_timeout_errors, np_cnp_packets_sent, np_ecn_marked_roce_packets_received,
      out_of_buffer_drops, out_of_sequence_packets_received, packet_sequence_errors, req_cqes_errors,
      req_cqes_flush_errors, req_remote_access_errors, req_remote_invalid_request_errors, resp_cqes_errors,
      resp_cqes_flush_errors, resp_local_length_errors, resp_remote_access_errors, rnr_nak_retry_packets_received,
      roce_adp_retransmits, roce_adp_retransmits_timeout, roce_slow_restart_used, roce_slow_restart_cnps,
      roce_slow_restart, rp_cnp_packets_handled, rp_cnp_ignored_packets_received, rx_atomic_requests,
      rx_dct_connect_requests, rx_read_requests, rx_write_requests, rx_icrc_encapsulated_errors;
};

bool parse_state(std::string_view text, std::uint64_t& number);  // "4: ACTIVE"
bool parse_rate(std::string_view text, std::uint64_t& bytes);    // "2.5 Gb/sec (1X SDR)", a second

// Its files, below the port's folder.
std::span<const Attribute> port_attributes();

}  // namespace vitald::network
