#pragma once
// Speed and duplex of a network interface by one call, ioctl(2) with ETHTOOL_GLINKSETTINGS.
#include "collectors/base/text.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitald::network {

// What the files `speed` and `duplex` of /sys/class/net say, in their words.
struct LinkSettings {
  std::int64_t speed = 0;  // bytes a second
  std::string_view duplex;
};
LinkSettings link_settings(std::uint32_t megabits, std::uint8_t duplex);

// Asks for devices without a parent only: a network card that sleeps is woken by this call, though not by the files.
class LinkSettingsCall {
 public:
  LinkSettingsCall() = default;
  ~LinkSettingsCall();
  LinkSettingsCall(const LinkSettingsCall&) = delete;
  LinkSettingsCall& operator=(const LinkSettingsCall&) = delete;

  // None where the device does not say.
  std::optional<LinkSettings> ask(std::string_view name);

 private:
  int fd_ = -1;
  std::int8_t words_ = 0;  // of a set of modes, as this kernel counts them
};

}  // namespace vitald::network
