#include "collectors/network/link_modes.hpp"

#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>

#include <algorithm>

namespace vitald::network {
namespace {

constexpr std::size_t most = 65536;

template <class Number>
bool read(std::string_view value, std::optional<Number>& out) {
  Number number = 0;
  if (!netlink::front(value, number)) return false;
  out = number;
  return true;
}

// Tells each attribute of a message, or of a nest, until `take` says that one is too short.
template <class Take>
Result<void> each_attribute(std::string_view bytes, Take&& take) {
  netlink::Attributes attributes(bytes);
  for (;;) {
    const auto attribute = attributes.next();
    if (!attribute) return attribute.error();
    if (!*attribute) return {};
    if (!take(**attribute)) return Fault{Parse::truncated, "netlink: ethtool's attribute"};
  }
}

Result<std::string_view> behind_head(std::string_view body) {
  if (body.size() < GENL_HDRLEN) return Fault{Parse::truncated, "netlink: ethtool"};
  return body.substr(GENL_HDRLEN);
}

std::string nested(int type, std::string_view value) {
  const nlattr head{static_cast<std::uint16_t>(sizeof head + value.size()), static_cast<std::uint16_t>(type)};
  return std::string(reinterpret_cast<const char*>(&head), sizeof head).append(value);
}

std::string generic(std::uint8_t command, std::string_view attributes) {
  const genlmsghdr head{command, 1, 0};
  return std::string(reinterpret_cast<const char*>(&head), sizeof head).append(attributes);
}

}  // namespace

Result<LinkMode> parse_link_mode(std::string_view body) {
  const auto attributes = behind_head(body);
  if (!attributes) return attributes.error();
  LinkMode mode;
  std::optional<std::uint32_t> index;
  const auto of_device = [&](const netlink::Attribute& each) {
    return each.type != ETHTOOL_A_HEADER_DEV_INDEX || read(each.value, index);
  };
  const auto done = each_attribute(*attributes, [&](const netlink::Attribute& each) {
    switch (each.type) {
      case ETHTOOL_A_LINKMODES_HEADER: return each_attribute(each.value, of_device).has_value();
      case ETHTOOL_A_LINKMODES_SPEED: return read(each.value, mode.megabits);
      case ETHTOOL_A_LINKMODES_DUPLEX: return read(each.value, mode.duplex);
      default: return true;
    }
  });
  if (!done) return done.error();
  if (!index) return Fault{Parse::unknown_layout, "netlink: ethtool"};
  mode.index = *index;
  return mode;
}

std::string_view duplex_of_message(const std::optional<std::uint8_t>& duplex) {
  if (duplex.value_or(DUPLEX_HALF) == DUPLEX_HALF) return "Half";
  return *duplex == DUPLEX_FULL ? "Full" : "Unknown";
}

Result<std::optional<std::uint16_t>> parse_family(std::string_view body) {
  const auto attributes = behind_head(body);
  if (!attributes) return attributes.error();
  std::optional<std::uint16_t> number;
  bool wanted = false;
  const auto done = each_attribute(*attributes, [&](const netlink::Attribute& each) {
    if (each.type == CTRL_ATTR_FAMILY_NAME) wanted = each.value.substr(0, each.value.find('\0')) == ETHTOOL_GENL_NAME;
    return each.type != CTRL_ATTR_FAMILY_ID || read(each.value, number);
  });
  if (!done) return done.error();
  return wanted ? number : std::nullopt;
}

Result<void> LinkModes::find_family() {
  struct Families final : netlink::Listener {
    std::uint16_t found = 0;
    void begin() override { found = 0; }
    Result<void> take(const netlink::Message& message) override {
      if (message.type != GENL_ID_CTRL) return {};
      const auto family = parse_family(message.body);
      if (!family) return family.error();
      if (*family) found = **family;
      return {};
    }
  } families;
  const auto asked = socket_.dump(GENL_ID_CTRL, generic(CTRL_CMD_GETFAMILY, {}), families);
  if (!asked) return asked;
  asked_ = true;
  family_ = families.found;
  return {};
}

Result<void> LinkModes::read() {
  if (!asked_)
    if (const auto found = find_family(); !found) return found;
  modes_.clear();
  if (family_ == 0) return {};
  constexpr std::uint32_t short_sets = ETHTOOL_FLAG_COMPACT_BITSETS;
  const std::string_view flags(reinterpret_cast<const char*>(&short_sets), sizeof short_sets);
  const auto header = nested(ETHTOOL_A_LINKMODES_HEADER | NLA_F_NESTED, nested(ETHTOOL_A_HEADER_FLAGS, flags));
  const auto asked = socket_.dump(family_, generic(ETHTOOL_MSG_LINKMODES_GET, header), *this);
  std::ranges::sort(modes_, {}, &LinkMode::index);
  return asked;
}

Result<void> LinkModes::take(const netlink::Message& message) {
  if (message.type != family_) return {};
  const auto mode = parse_link_mode(message.body);
  if (!mode) return mode.error();
  if (modes_.size() == most) return Fault{Parse::too_large, "netlink: ethtool"};
  modes_.push_back(*mode);
  return {};
}

const LinkMode* LinkModes::find(std::uint32_t index) const {
  const auto at = std::ranges::lower_bound(modes_, index, {}, &LinkMode::index);
  return at != modes_.end() && at->index == index ? &*at : nullptr;
}

}  // namespace vitald::network
