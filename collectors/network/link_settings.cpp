#include "collectors/network/link_settings.hpp"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace vitald::network {

LinkSettings link_settings(std::uint32_t megabits, std::uint8_t duplex) {
  const auto signed_megabits = static_cast<std::int32_t>(megabits);  // /sys says -1 where it is not known
  return {std::int64_t{signed_megabits} * 1'000'000 / 8, duplex == DUPLEX_HALF   ? "half"
                                                         : duplex == DUPLEX_FULL ? "full"
                                                                                 : "unknown"};
}

LinkSettingsCall::~LinkSettingsCall() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<LinkSettings> LinkSettingsCall::ask(std::string_view name) {
  // Any family takes the call; a sandbox may forbid those of the internet.
  if (fd_ < 0) fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  if (fd_ < 0 || name.size() >= sizeof request.ifr_name) return std::nullopt;
  std::ranges::copy(name, request.ifr_name);
  // The kernel writes three sets of modes behind the header, once both agree on how long a set is.
  struct alignas(ethtool_link_settings) Room {
    char bytes[sizeof(ethtool_link_settings) + 3 * INT8_MAX * sizeof(std::uint32_t)];
  } room;
  request.ifr_data = room.bytes;
  for (int attempt = 0; attempt < 2; ++attempt) {
    ethtool_link_settings settings{};
    settings.cmd = ETHTOOL_GLINKSETTINGS;
    settings.link_mode_masks_nwords = words_;
    std::memcpy(room.bytes, &settings, sizeof settings);
    if (::ioctl(fd_, SIOCETHTOOL, &request) != 0) return std::nullopt;
    std::memcpy(&settings, room.bytes, sizeof settings);
    if (settings.link_mode_masks_nwords >= 0) return link_settings(settings.speed, settings.duplex);
    words_ = static_cast<std::int8_t>(-settings.link_mode_masks_nwords);
  }
  return std::nullopt;
}

}  // namespace vitald::network
