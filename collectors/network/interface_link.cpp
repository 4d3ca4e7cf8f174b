// An interface from a message of rtnetlink(7).
#include "collectors/network/interface.hpp"

#include <net/if.h>

#include <array>

namespace vitald::network {
namespace {

constexpr std::uint32_t lower_up = 1 << 16, dormant = 1 << 17;  // of <linux/if.h>, beside which <net/if.h> cannot be
constexpr std::uint32_t told_by_state = IFF_RUNNING | lower_up | dormant;
constexpr std::string_view states[] = {"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"};

void write_address(std::string_view bytes, Text& out) {
  constexpr char digits[] = "0123456789abcdef";
  out.clear();
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    if (!out.empty()) out += ':';
    (out += digits[byte >> 4]) += digits[byte & 15];
  }
}

// /sys prints these numbers with a sign.
Number with_sign(const std::optional<std::uint32_t>& number) {
  return number ? Number(static_cast<std::int32_t>(*number)) : std::nullopt;
}

void fill(const netlink::Link& link, Interface& out) {
  out.device = link.name.view();
  write_address(link.address, out.address);
  write_address(link.broadcast, out.broadcast);
  out.ifalias = peer_text(link.alias.view());
  if (link.operational_state && *link.operational_state < std::size(states))
    out.operstate = states[*link.operational_state];
  out.up = out.operstate == "up";
  out.carrier_changes = with_sign(link.carrier_changes);
  out.carrier_down = with_sign(link.carrier_down);
  out.carrier_up = with_sign(link.carrier_up);
  out.index = link.index;
  out.link_mode = link.link_mode;
  out.mtu = with_sign(link.mtu);
  out.group = with_sign(link.group);
  out.type = link.type;
  out.queue_length = with_sign(link.queue_length);
}

// The device's own flags, without what is only told of its state and with the modes that others asked for.
std::uint32_t own_flags(const netlink::Link& link) {
  auto flags = link.flags & ~told_by_state;
  const auto counted = [&](const std::optional<std::uint32_t>& users, std::uint32_t flag) {
    if (users) flags = *users != 0 ? flags | flag : flags & ~flag;
  };
  counted(link.promiscuity, IFF_PROMISC);
  counted(link.all_multicast, IFF_ALLMULTI);
  return flags;
}

}  // namespace

void fill_as_files(const netlink::Link& link, Interface& out) {
  fill(link, out);
  const bool up = (link.flags & IFF_UP) != 0;
  out.adminstate = up ? "up" : "down";
  if (up) {
    out.carrier = link.carrier;
    out.dormant = (link.flags & dormant) != 0;
  }
  out.flags = own_flags(link);
  out.link = link.lower ? with_sign(link.lower) : out.index;
}

void fill_as_message(const netlink::Link& link, Interface& out) {
  fill(link, out);
  out.carrier = link.carrier;
  out.dormant = link.link_mode;
  out.flags = link.flags;
  out.link = link.lower.value_or(0) != 0 ? link.lower : link.index;
}

}  // namespace vitald::network
