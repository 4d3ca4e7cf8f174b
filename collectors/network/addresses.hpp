#pragma once
// The addresses of this machine's interfaces, for an option of netdev that is off by default.
#include "collectors/base/page.hpp"
#include "collectors/network/ipvs.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <bit>
#include <memory>

namespace vitald::network {

struct Address {
  Text address, device, netmask, scope;  // netmask: the prefix's length
};

inline std::string_view scope_of(const in_addr& address) {
  const auto bits = ntohl(address.s_addr);
  if (bits >> 24 == 127 || bits >> 16 == 0xA9FE || bits >> 8 == 0xE00000) return "link-local";
  return bits == 0 || bits == 0xFFFFFFFF || bits >> 28 == 0xE ? "" : "global";
}

inline std::string_view scope_of(const in6_addr& address) {
  if (IN6_IS_ADDR_LOOPBACK(&address) || IN6_IS_ADDR_LINKLOCAL(&address) || IN6_IS_ADDR_MC_LINKLOCAL(&address))
    return "link-local";
  if (IN6_IS_ADDR_MC_NODELOCAL(&address)) return "interface-local";
  return IN6_IS_ADDR_UNSPECIFIED(&address) || IN6_IS_ADDR_MULTICAST(&address) ? "" : "global";
}

namespace detail {

template <class Bytes>
void tell(const Bytes& address, const Bytes& mask, Address& out) {
  IpAddress written{sizeof address, {}};
  std::memcpy(written.bytes.data(), &address, sizeof address);
  write(written, out.address);
  unsigned char bytes[sizeof mask];
  std::memcpy(bytes, &mask, sizeof mask);
  int length = 0;
  for (const auto byte : bytes) length += std::popcount(byte);
  char text[8];
  char* const end = std::to_chars(text, text + sizeof text, length).ptr;
  out.netmask = std::string_view(text, end);
  out.scope = scope_of(address);
}

// Copied: a sockaddr may lie at any address.
template <class Socket>
Socket as(const sockaddr* from) {
  Socket copy{};
  std::memcpy(&copy, from, sizeof copy);
  return copy;
}

}  // namespace detail

inline Result<void> read_addresses(Sheet<Address>& out) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return system_fault("getifaddrs");
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, &::freeifaddrs);
  for (const auto* each = list; each; each = each->ifa_next) {
    if (!each->ifa_addr || !each->ifa_netmask) continue;
    const int family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    auto& row = out.next();
    const std::string_view label = each->ifa_name;
    row.device = label.substr(0, label.find(':'));  // glibc tells IPv4 labels ("eth0:1"), the peer devices
    if (family == AF_INET)
      detail::tell(detail::as<sockaddr_in>(each->ifa_addr).sin_addr,
                   detail::as<sockaddr_in>(each->ifa_netmask).sin_addr, row);
    else
      detail::tell(detail::as<sockaddr_in6>(each->ifa_addr).sin6_addr,
                   detail::as<sockaddr_in6>(each->ifa_netmask).sin6_addr, row);
    const auto same = [&](const Address& other) {
      return other.address == row.address.view() && other.device == row.device.view() &&
             other.netmask == row.netmask.view();
    };
    if (std::ranges::any_of(out.view().first(out.view().size() - 1), same)) out.drop_last();
  }
  return {};
}

}  // namespace vitald::network
