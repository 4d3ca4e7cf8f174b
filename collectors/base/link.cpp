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

template <class Number>
bool read(std::string_view value, std::optional<Number>& out) {
  Number number = 0;
  if (!front(value, number)) return false;
  out = number;
  return true;
}

bool read_names(std::string_view nested, Text& out) {
  Attributes attributes(nested);
  for (;;) {
    const auto attribute = attributes.next();
    if (!attribute) return false;
    if (!*attribute) return true;
    if ((*attribute)->type == IFLA_ALT_IFNAME) (out += text_of((*attribute)->value)) += '\0';
  }
}

struct Taken {  // which counters there were: the wide ones count, in whichever order they come
  bool wide = false, narrow = false;
};

// False when it is too short for what it should hold.
bool take(const Attribute& attribute, Taken& taken, Link& out) {
  const auto value = attribute.value;
  switch (attribute.type) {
    case IFLA_IFNAME: out.name = text_of(value); return true;
    case IFLA_IFALIAS: out.alias = text_of(value); return true;
    case IFLA_ADDRESS: out.address = value; return true;
    case IFLA_BROADCAST: out.broadcast = value; return true;
    case IFLA_LINK: return read(value, out.lower);
    case IFLA_MTU: return read(value, out.mtu);
    case IFLA_TXQLEN: return read(value, out.queue_length);
    case IFLA_GROUP: return read(value, out.group);
    case IFLA_PROMISCUITY: return read(value, out.promiscuity);
    case IFLA_ALLMULTI: return read(value, out.all_multicast);
    case IFLA_CARRIER: return read(value, out.carrier);
    case IFLA_CARRIER_CHANGES: return read(value, out.carrier_changes);
    case IFLA_CARRIER_UP_COUNT: return read(value, out.carrier_up);
    case IFLA_CARRIER_DOWN_COUNT: return read(value, out.carrier_down);
    case IFLA_LINKMODE: return read(value, out.link_mode);
    case IFLA_OPERSTATE: return read(value, out.operational_state);
    case IFLA_PROP_LIST: return read_names(value, out.other_names);
    case IFLA_STATS64: return taken.wide = read_counters<std::uint64_t>(value, out.counters);
    case IFLA_STATS:
      if (taken.wide) return true;
      return taken.narrow = read_counters<std::uint32_t>(value, out.counters);
    default: return true;
  }
}

}  // namespace

Result<void> parse_link(std::string_view body, Link& out) {
  out = Link{};
  ifinfomsg header{};
  if (!front(body, header)) return Fault{Parse::truncated, "netlink: link"};
  body.remove_prefix(sizeof header);
  out.type = header.ifi_type;
  out.index = static_cast<std::uint32_t>(header.ifi_index);
  out.flags = header.ifi_flags;
  Taken taken;
  Attributes attributes(body);
  for (;;) {
    const auto attribute = attributes.next();
    if (!attribute) return attribute.error();
    if (!*attribute) break;
    if (!take(**attribute, taken, out)) return Fault{Parse::truncated, "netlink: link's attribute"};
  }
  if (out.name.empty() || !(taken.wide || taken.narrow)) return Fault{Parse::unknown_layout, "netlink: link"};
  return {};
}

// Without the counters of IPv6, which nobody here shows and the kernel adds up over all processors
// (RTEXT_FILTER_SKIP_STATS, Linux 4.4; older ones tell them all the same). Those of the interface are told in any case.
Result<void> dump_links(Socket& socket, Listener& listener) {
  struct {
    ifinfomsg header{};
    rtattr about{RTA_LENGTH(sizeof(std::uint32_t)), IFLA_EXT_MASK};
    std::uint32_t mask = RTEXT_FILTER_SKIP_STATS;
  } question;
  question.header.ifi_family = AF_UNSPEC;
  return socket.dump(RTM_GETLINK, {reinterpret_cast<const char*>(&question), sizeof question}, listener);
}

Result<void> Links::take(const Message& message) {
  if (message.type != RTM_NEWLINK) return {};
  if (used_ == most) return Fault{Parse::too_large, path()};
  if (used_ == links_.size()) links_.emplace_back();
  if (const auto parsed = parse_link(message.body, links_[used_]); !parsed) return parsed;
  ++used_;
  return {};
}

Result<std::span<const Link>> Links::read() {
  if (const auto dumped = dump_links(socket_, *this); !dumped) return dumped.error();
  return std::span<const Link>(links_.data(), used_);
}

}  // namespace vitald::netlink
