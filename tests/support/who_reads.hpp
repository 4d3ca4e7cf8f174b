#pragma once
// Which collectors read which file of a machine, and what they do without it.
#include "collectors/base/scan.hpp"
#include "tests/support/broken_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string>

namespace vitald::test {

// What no collector's success depends on: its samples or labels are just absent while it is broken.
enum class Loses : std::uint8_t {
  nothing,  // it is looked at for changes only
  samples,  // of that processor; only where it is missing or forbidden, and a fault where it is there and wrong
  list,     // the same, and it may be empty
  labels,   // or samples, whatever is wrong: they are a user space's or a driver's remarks
};
struct File {  // a pattern of paths, and who reads what is there; without `loses` these collectors fail
  std::string_view start, end, collectors;
  std::optional<Loses> loses = std::nullopt;
};
inline constexpr File files[] = {
    {"proc/stat", "", "cpu stat"},
    {"proc/cpuinfo", "", "cpu"},
    {"proc/loadavg", "", "loadavg"},
    {"proc/meminfo", "", "meminfo"},
    {"proc/vmstat", "", "vmstat"},
    {"proc/diskstats", "", "diskstats"},
    {"proc/net/dev", "", "netdev"},
    {"proc/net/sockstat", "", "sockstat"},
    {"proc/1/mountinfo", "", "filesystem"},
    {"proc/sys/fs/file-nr", "", "filefd"},
    {"proc/pressure/", "", "pressure"},
    {"proc/net/rpc/", "nfs", "nfs"},
    {"proc/net/rpc/", "nfsd", "nfsd"},
    {"proc/spl/kstat/zfs/dbgmsg", "", "zfs", Loses::nothing},
    {"proc/spl/kstat/zfs/", "/txgs", "zfs", Loses::nothing},
    {"proc/spl/kstat/zfs/", "", "zfs"},
    {"proc/mdstat", "", "mdadm"},
    {"sys/block/", "/md/raid_disks", "mdadm", Loses::list},
    {"sys/block/", "/md/degraded", "mdadm", Loses::list},
    {"sys/fs/xfs/stats/", "", ""},
    {"sys/fs/xfs/", "", "xfs", Loses::list},
    {"etc/os-release", "", "os"},
    {"sys/devices/system/clocksource/", "", "time"},
    {"sys/devices/system/cpu/present", "", "cpu", Loses::nothing},
    {"sys/devices/system/cpu/isolated", "", "cpu", Loses::list},
    {"sys/devices/system/cpu/cpu", "", "cpu", Loses::samples},
    {"sys/block/", "/queue/rotational", "diskstats", Loses::labels},
    {"udev/b", "", "diskstats", Loses::labels},
    {"sys/class/net/", "/ifalias", "netdev", Loses::labels},
    {"sys/devices/pci0000:00/0000:00:1f.4/iTCO_wdt/", "/identity", "watchdog", Loses::labels},
    {"sys/devices/pci0000:00/0000:00:1f.4/iTCO_wdt/", "/options", "watchdog", Loses::labels},
    {"sys/devices/pci0000:00/0000:00:1f.4/iTCO_wdt/", "/pretimeout_governor", "watchdog", Loses::labels},
    {"sys/devices/pci0000:00/0000:00:1f.4/iTCO_wdt/", "/state", "watchdog", Loses::labels},
    {"sys/devices/pci0000:00/0000:00:1f.4/iTCO_wdt/", "/status", "watchdog", Loses::labels},
    {"sys/devices/platform/1e785000.watchdog/", "/identity", "watchdog", Loses::labels},
    {"sys/devices/platform/1e785000.watchdog/", "/options", "watchdog", Loses::labels},
    {"sys/devices/platform/1e785000.watchdog/", "/pretimeout_governor", "watchdog", Loses::labels},
    {"sys/devices/platform/1e785000.watchdog/", "/state", "watchdog", Loses::labels},
    {"sys/devices/platform/1e785000.watchdog/", "/status", "watchdog", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/capacity_level", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/charge_type", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/health", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/manufacturer", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/model_name", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/scope", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/serial_number", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/status", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/technology", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/type", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/usb_type", "powersupplyclass", Loses::labels},
    {"sys/devices/LNXSYSTM:00/", "/uevent", "", Loses::nothing},
    {"sys/devices/LNXSYSTM:00/", "", "powersupplyclass", Loses::list},
    {"sys/devices/virtual/thermal/", "/policy", "", Loses::nothing},
    {"sys/devices/virtual/thermal/", "/type", "thermal_zone"},
    {"sys/devices/virtual/thermal/", "", "thermal_zone", Loses::list},
    {"sys/class/hwmon/", "", "hwmon", Loses::labels},
    {"sys/devices/platform/coretemp.0/", "", "hwmon", Loses::labels},
    {"sys/devices/platform/nct6775.656/", "", "hwmon", Loses::labels},
    {"sys/devices/pci0000:00/0000:00:1d.0/", "", "hwmon", Loses::labels},
    {"sys/devices/pci0000:00/0000:00:1f.4/iTCO_wdt/", "", "watchdog", Loses::list},
    {"sys/devices/platform/1e785000.watchdog/", "", "watchdog", Loses::list},
};

// Of threads that share a core, and of cores that share a package, the first is asked; and where the first processor
// has no file `online`, none of the others' is.
inline constexpr std::string_view not_asked_on_the_laptop[] = {"cpu1/online",
                                                               "cpu2/online",
                                                               "cpu3/online",
                                                               "cpu1/thermal_throttle/core_throttle_count",
                                                               "cpu3/thermal_throttle/core_throttle_count",
                                                               "cpu1/thermal_throttle/package_throttle_count",
                                                               "cpu2/thermal_throttle/package_throttle_count",
                                                               "cpu3/thermal_throttle/package_throttle_count"};
inline constexpr std::string_view not_asked_on_the_server[] = {
    "cpu2/thermal_throttle/package_throttle_count", "cpu3/thermal_throttle/package_throttle_count",
    "cpu4/thermal_throttle/package_throttle_count", "cpu5/thermal_throttle/package_throttle_count",
    "cpu6/thermal_throttle/package_throttle_count"};
using Ends = std::span<const std::string_view>;

inline const File& file_of(std::string_view path, Ends not_asked) {
  static constexpr File none{"", "", "", Loses::nothing};
  if (std::ranges::any_of(not_asked, [&](std::string_view end) { return path.ends_with(end); })) return none;
  const auto found = std::ranges::find_if(
      files, [&](const File& each) { return path.starts_with(each.start) && path.ends_with(each.end); });
  REQUIRE_MESSAGE(found != std::end(files), "nobody is said to read " << std::string(path));
  return *found;
}

inline bool fails(const File& file, Broken how) {
  if (!file.loses) return true;
  if (*file.loses == Loses::nothing || *file.loses == Loses::labels) return false;
  if (*file.loses == Loses::list && how == Broken::empty) return false;
  return how != Broken::loop && how != Broken::forbidden;
}

inline bool reads(const File& file, std::string_view collector) {
  auto rest = file.collectors;
  while (!rest.empty())
    if (scan::take_word(rest) == collector) return true;
  return false;
}

}  // namespace vitald::test
