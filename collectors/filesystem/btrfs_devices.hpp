#pragma once
// What a mounted btrfs says of its devices when it is asked, which its files below /sys do not tell.
#include "collectors/base/text.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace vitald::filesystem {

struct VolumeDevice {
  Text name, uuid;  // the last word of its path
  std::uint64_t total = 0, used = 0;
  std::array<std::uint64_t, 5> errors{};  // write, read, flush, corruption, generation, as the kernel numbers them
};

struct Volume {
  Text fsid;
  std::vector<VolumeDevice> devices;  // the first `count` of them
  std::size_t count = 0;
  VolumeDevice& next();
};

using AskVolume = bool (*)(const char* mount_point, Volume& out);

// Opens the mount point and asks by ioctl(2), for which no privilege is needed. False: it could not be asked in full.
bool ask_volume(const char* mount_point, Volume& out);

}  // namespace vitald::filesystem
