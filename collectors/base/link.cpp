#include "collectors/base/link.hpp"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>

namespace vitald::netlink {
namespace {

constexpr std::size_t old_fields = 23, fields = 24;  // the 24th is rx_nohandler; what newer kernels add is not read

// Both structures have the same members in the same order, of 32 or of 64 bits.
template <class Number>
bool read_counters(std::string_view bytes, LinkCounters& out) {
  std::array<Number, fields> raw{};
  const auto have = bytes.size() / sizeof(Number);
  if (have < old_fields) return false;
  std::memcpy(raw.data(), bytes.data(), (have < fields ? have : fields) * sizeof(Number));
  std::uint64_t* const members[] = {
      &out.rx_packets,        &out.tx_packets,        &out.rx_bytes,         &out.tx_bytes,
      &out.rx_errors,         &out.tx_errors,         &out.rx_dropped,       &out.tx_dropped,
      &out.multicast,         &out.collisions,        &out.rx_length_errors, &out.rx_over_errors,
      &out.rx_crc_errors,     &out.rx_frame_errors,   &out.rx_fifo_errors,   &out.rx_missed_errors,
      &out.tx_aborted_errors, &out.tx_carrier_errors, &out.tx_fifo_errors,   &out.tx_heartbeat_errors,
      &out.tx_window_errors,  &out.rx_compressed,     &out.tx_compressed};
  static_assert(std::size(members) == old_fields);
  for (std::size_t i = 0; i < old_fields; ++i) *members[i] = raw[i];
  out.rx_nohandler = have >= fields ? std::optional<std::uint64_t>(raw[old_fields]) : std::nullopt;
  return true;
}

std::string_view text_of(std::string_view value) { return value.substr(0, value.find('\0')); }

}  // namespace

Result<Link> parse_link(std::string_view body) {
  ifinfomsg header{};
  if (!front(body, header)) return Fault{Parse::truncated, "netlink: link"};
  body.remove_prefix(sizeof header);
  Link link;
  bool have64 = false, have32 = false, fits = true;
  Attributes attributes(body);
  for (;;) {
    const auto attribute = attributes.next();
    if (!attribute) return attribute.error();
    if (!*attribute) break;
    const auto [type, value] = **attribute;
    if (type == IFLA_IFNAME) link.name = text_of(value);
    if (type == IFLA_IFALIAS) link.alias = text_of(value);
    if (type == IFLA_STATS64) fits = fits && (have64 = read_counters<std::uint64_t>(value, link.counters));
    if (type == IFLA_STATS && !have64) fits = fits && (have32 = read_counters<std::uint32_t>(value, link.counters));
  }
  if (!fits) return Fault{Parse::truncated, "netlink: link statistics"};
  if (link.name.empty() || (!have64 && !have32)) return Fault{Parse::unknown_layout, "netlink: link"};
  return link;
}

Result<void> dump_links(Socket& socket, Listener& listener) {
  ifinfomsg header{};
  header.ifi_family = AF_UNSPEC;
  return socket.dump(RTM_GETLINK, {reinterpret_cast<const char*>(&header), sizeof header}, listener);
}

}  // namespace vitald::netlink
