#pragma once
// Speed and duplex of all network interfaces by ethtool's netlink messages, as node_exporter asks by netlink.
#include "collectors/base/netlink.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vitald::network {

struct LinkMode {
  std::uint32_t index = 0;
  std::optional<std::uint32_t> megabits;  // 2^32-1 where it is not known, and shown by the peer as it stands
  std::optional<std::uint8_t> duplex;
};
Result<LinkMode> parse_link_mode(std::string_view body);
std::string_view duplex_of_message(const std::optional<std::uint8_t>& duplex);  // in the peer's words: "Full"

// The number of the family "ethtool" if the message tells of it.
Result<std::optional<std::uint16_t>> parse_family(std::string_view body);

class LinkModes final : private netlink::Listener {
 public:
  // Asks anew. Without the family (before Linux 5.6) there is nothing to be found.
  Result<void> read();
  const LinkMode* find(std::uint32_t index) const;

 private:
  void begin() override { modes_.clear(); }
  Result<void> take(const netlink::Message& message) override;
  Result<void> find_family();

  netlink::Socket socket_{32 << 10, 16};  // NETLINK_GENERIC
  bool asked_ = false;
  std::uint16_t family_ = 0;  // 0: the kernel has none
  std::vector<LinkMode> modes_;
};

}  // namespace vitald::network
