#pragma once
#include "collectors/base/page.hpp"

#include <array>
#include <compare>
#include <vector>

namespace vitald::network {

struct IpAddress {
  std::uint8_t length = 0;  // 4, 16, or 0 of none
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const IpAddress&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14 errs
};
void write(const IpAddress& address, Text& out);  // "10.0.0.1", "2001:db8::1", ""

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14 errs
};

// A server behind a virtual service, which is an address or a mark of the packet filter's.
struct Server {
  std::array<char, 8> protocol{};
  std::uint32_t mark = 0;
  bool marked = false;
  Endpoint local, remote;
  auto operator<=>(const Server&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14 errs
};
struct Load {
  Server server;
  std::uint64_t weight = 0, active = 0, inactive = 0;
};

struct IpvsTotals {
  std::uint64_t connections = 0, incoming_packets = 0, outgoing_packets = 0, incoming_bytes = 0, outgoing_bytes = 0;
};

Result<void> parse_ip_vs(std::string_view text, std::vector<Load>& out);        // /proc/net/ip_vs
Result<void> parse_ip_vs_stats(std::string_view text, Sheet<IpvsTotals>& out);  // /proc/net/ip_vs_stats

}  // namespace vitald::network
