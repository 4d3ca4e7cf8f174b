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
  list,     // samples of that device; where it is missing, forbidden or empty, and a fault where it is there and wrong
  all,      // of its collector's samples, when it is empty; else it is a fault
  labels,   // or samples, whatever is wrong: they are a user space's or a driver's remarks
};
struct File {  // a pattern of paths, and who reads what is there; without `loses` these collectors fail
  std::string_view start, end, collectors;
  std::optional<Loses> loses = std::nullopt;
  std::string_view go_on = {};  // who reads it, too, and shows less whatever is wrong
  bool text = false;            // any that is not too long is a right one
};
inline constexpr File files[] = {
    {"proc/stat", "", "cpu stat"},
    {"proc/cpuinfo", "", "cpu", std::nullopt, "cpufreq"},
    {"proc/loadavg", "", "loadavg"},
    {"proc/meminfo", "", "meminfo"},
    {"proc/vmstat", "", "vmstat"},
    {"proc/diskstats", "", "diskstats"},
    {"proc/net/arp", "", "arp"},
    {"proc/net/dev", "", "netdev"},
    {"proc/net/sockstat", "", "sockstat"},
    {"proc/net/ip_vs", "", "ipvs"},
    {"proc/net/netstat", "", "netstat"},
    {"proc/net/snmp", "", "netstat"},
    {"proc/net/softnet_stat", "", "softnet"},
    {"proc/net/stat/nf_conntrack", "", "conntrack"},
    {"proc/net/udp", "", "udp_queues"},
    {"proc/schedstat", "", "schedstat"},
    {"proc/self/attr/current", "", "selinux", Loses::nothing},
    {"proc/sys/kernel/hung_task_detect_count", "", "kernel_hung"},
    {"proc/sys/kernel/random/", "", "entropy"},
    {"proc/sys/net/netfilter/", "", "conntrack"},
    {"sys/fs/selinux/enforce", "", "selinux"},
    {"etc/selinux/config", "", "selinux"},
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
    {"sys/class/dmi/id/", "", "dmi", Loses::labels},
    {"sys/class/powercap/", "/name", "rapl", Loses::list, {}, true},
    {"sys/class/powercap/", "", "rapl"},
    {"sys/devices/system/edac/", "/mc_name", "", Loses::nothing},
    {"sys/devices/system/edac/", "_dimm_label", "edac", Loses::labels},
    {"sys/devices/system/edac/", "/ch0_ce_count", "edac", Loses::list},
    {"sys/devices/system/edac/", "/ch0_ue_count", "edac", Loses::list},
    {"sys/devices/system/edac/", "", "edac"},
    {"sys/devices/virtual/block/loop22/size", "", "btrfs", Loses::list},
    {"sys/fs/bcache/", "/cache_readaheads", "bcache", Loses::list},
    {"sys/fs/bcache/", "", "bcache"},
    {"sys/fs/bcachefs/", "/minor", "", Loses::nothing},
    {"sys/fs/bcachefs/", "", "bcachefs", Loses::list},
    {"sys/fs/btrfs/", "/features/raid56", "", Loses::nothing},
    {"sys/fs/btrfs/", "/skinny_metadata", "", Loses::nothing},
    {"sys/fs/btrfs/", "/nodesize", "", Loses::nothing},
    {"sys/fs/btrfs/", "/global_rsv_reserved", "", Loses::nothing},
    {"sys/fs/btrfs/", "/bytes_may_use", "", Loses::nothing},
    {"sys/fs/btrfs/", "/data/flags", "", Loses::nothing},
    {"sys/fs/btrfs/", "/data/total_bytes", "", Loses::nothing},
    {"sys/fs/btrfs/", "/label", "btrfs", Loses::list, {}, true},
    {"sys/fs/btrfs/", "", "btrfs", Loses::list},
    {"etc/os-release", "", "os"},
    {"sys/devices/system/clocksource/", "", "time"},
    {"sys/devices/system/cpu/present", "", "cpu", Loses::nothing},
    {"sys/devices/system/cpu/isolated", "", "cpu", Loses::list},
    {"sys/devices/system/cpu/offline", "", "cpufreq", Loses::all},
    {"sys/devices/system/cpu/cpu", "/related_cpus", "cpufreq", Loses::nothing},
    {"sys/devices/system/cpu/cpu", "/scaling_driver", "cpufreq", Loses::nothing},
    {"sys/devices/system/cpu/cpu", "/scaling_setspeed", "cpufreq", Loses::nothing},
    {"sys/devices/system/cpu/cpu", "_freq", "cpufreq", Loses::list},
    {"sys/devices/system/cpu/cpu", "_governor", "cpufreq", Loses::labels},
    {"sys/devices/system/cpu/cpu", "_governors", "cpufreq", Loses::labels},
    {"sys/devices/system/cpu/cpu", "", "cpu", Loses::labels},
    {"sys/block/", "/queue/rotational", "diskstats", Loses::labels},
    {"udev/b", "", "diskstats", Loses::labels},
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
    {"sys/class/net/", "/ifalias", "netclass netdev", Loses::labels},
    {"sys/class/net/bonding_masters", "", "bonding", Loses::all},
    {"sys/devices/", "/bonding/slaves", "bonding", Loses::all},
    {"sys/devices/", "/bonding_slave/mii_status", "bonding"},
    {"sys/devices/", "/bonding_slave/state", "", Loses::nothing},
    {"sys/devices/", "/bonding/mii_status", "", Loses::nothing},
    {"sys/devices/", "/bonding/mode", "", Loses::nothing},
    {"sys/devices/", "/addr_len", "", Loses::nothing},
    {"sys/devices/", "/dev_port", "", Loses::nothing},
    {"sys/devices/", "/proto_down", "", Loses::nothing},
    {"sys/devices/", "/statistics/rx_bytes", "", Loses::nothing},
    {"sys/devices/", "/ifalias", "netclass", Loses::labels},
    {"sys/devices/virtual/net/", "", "netclass", Loses::list},
    {"sys/devices/pci0000:3a/0000:3b:00.0/nvme/", "/address", "nvme", Loses::nothing},
    {"sys/devices/pci0000:3a/0000:3b:00.1/nvme/", "/address", "nvme", Loses::nothing},
    {"sys/devices/pci0000:3a/0000:3b:00.0/nvme/", "/ana_state", "nvme", Loses::list, {}, true},
    {"sys/devices/pci0000:3a/0000:3b:00.1/nvme/", "/ana_state", "nvme", Loses::list, {}, true},
    {"sys/devices/pci0000:3a/0000:3b:00.0/nvme/", "/nuse", "nvme", Loses::list},
    {"sys/devices/pci0000:3a/0000:3b:00.1/nvme/", "/nuse", "nvme", Loses::list},
    {"sys/devices/pci0000:3a/0000:3b:00.0/nvme/", "/size", "nvme", Loses::list},
    {"sys/devices/pci0000:3a/0000:3b:00.1/nvme/", "/size", "nvme", Loses::list},
    {"sys/devices/pci0000:3a/0000:3b:00.0/nvme/", "/logical_block_size", "nvme", Loses::list},
    {"sys/devices/pci0000:3a/0000:3b:00.1/nvme/", "/logical_block_size", "nvme", Loses::list},
    {"sys/devices/pci0000:3a/0000:3b:00.0/nvme/", "", "nvme", std::nullopt, {}, true},
    {"sys/devices/pci0000:3a/0000:3b:00.1/nvme/", "", "nvme", std::nullopt, {}, true},
    {"sys/devices/pci0000:3a/0000:3b:", "", "netclass", Loses::list},
    {"sys/devices/pci0000:5d/0000:5e:00.0/net/", "", "netclass", Loses::list},
    {"sys/devices/", "/link_layer", "", Loses::nothing},
    {"sys/devices/", "/node_name", "", Loses::nothing},
    {"sys/devices/", "/node_type", "", Loses::nothing},
    {"sys/devices/", "/fw_ver", "infiniband"},
    {"sys/devices/", "/board_id", "infiniband", Loses::labels},
    {"sys/devices/", "/hca_type", "infiniband", Loses::labels},
    {"sys/devices/pci", "/ports/1/phys_state", "infiniband"},
    {"sys/devices/pci", "/ports/1/rate", "infiniband"},
    {"sys/devices/pci", "/ports/1/state", "infiniband"},
    {"sys/devices/pci0000:3a/0000:3c:", "", "infiniband", Loses::list},
    {"sys/devices/pci0000:5d/0000:5e:00.0/infiniband/", "", "infiniband", Loses::list},
    {"sys/devices/pci0000:d6/0000:d7:00.0/host7/fc_host/host7/statistics/", "", "fibrechannel", Loses::list},
    {"sys/devices/pci0000:d6/0000:d7:00.0/host7/", "", "fibrechannel", Loses::labels},
    {"sys/devices/pci0000:d6/0000:d7:00.1/host8/", "", "fibrechannel", Loses::list},
    {"sys/devices/pci0000:d6/0000:d8:", "", "infiniband", Loses::list},
    {"sys/devices/virtual/host9/", "", "fibrechannel", Loses::list},
    {"sys/devices/pci0000:17/0000:17:00.0/host7/", "", "tapestats"},
    {"sys/devices/pci0000:17/block/", "/device/state", "dmmultipath", Loses::list, {}, true},
    {"sys/devices/virtual/block/dm-", "/dm/uuid", "dmmultipath", Loses::labels},
    {"sys/devices/virtual/block/dm-", "/dm/name", "dmmultipath", Loses::list, {}, true},
    {"sys/devices/virtual/block/dm-", "/dm/suspended", "dmmultipath", Loses::list},
    {"sys/devices/virtual/block/dm-", "/size", "dmmultipath", Loses::list},
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
// No multipath device: nothing else is asked of it.
inline constexpr std::string_view not_asked_on_the_san_server[] = {"dm-2/dm/name", "dm-2/dm/suspended", "dm-2/size"};
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
  if (file.text && how == Broken::few_random) return false;
  if (!file.loses) return true;
  if (*file.loses == Loses::nothing || *file.loses == Loses::labels) return false;
  if (*file.loses == Loses::all) return how != Broken::empty;
  if (*file.loses == Loses::list && how == Broken::empty) return false;
  return how != Broken::loop && how != Broken::forbidden;
}

inline bool among(std::string_view collectors, std::string_view collector) {
  while (!collectors.empty())
    if (scan::take_word(collectors) == collector) return true;
  return false;
}

}  // namespace vitald::test
