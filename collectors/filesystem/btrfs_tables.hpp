#pragma once
// What btrfs' rows mean: families, JSON, handbook.
#include "collectors/base/page.hpp"
#include "collectors/base/table.hpp"
#include "collectors/filesystem/btrfs_devices.hpp"

namespace vitald::filesystem::btrfs_rows {

struct Filesystem {
  Text label, uuid;
  double last = 0, longest = 0, all = 0;
  std::uint64_t count = 0;
  std::optional<std::uint64_t> reserve;
};
inline constexpr Key keys[] = {key<&Filesystem::uuid>("uuid")};
inline constexpr Key info_keys[] = {key<&Filesystem::label>("label"), key<&Filesystem::uuid>("uuid")};
inline constexpr Column columns[] = {
    counter<&Filesystem::all>("btrfs_commit_seconds_total", "Time spent by commits, on kernel 6.1 and newer."),
    counter<&Filesystem::count>("btrfs_commits_total", "Commits, on kernel 6.1 and newer."),
    gauge<&Filesystem::reserve>("btrfs_global_rsv_size_bytes", "Size of the reserve for what cannot be put off."),
    with_keys(info("btrfs_info", "The file system's label; always 1."), info_keys),
    gauge<&Filesystem::last>("btrfs_last_commit_seconds", "Time that the last commit took."),
    gauge<&Filesystem::longest>("btrfs_max_commit_seconds", "Time that the longest commit took."),
};
inline constinit const Table<Filesystem> table{{"btrfs", "/sys/fs/btrfs", keys, columns}};

struct Profile {
  Text block_group_type, mode, uuid;
  double ratio = 0;
  std::optional<std::uint64_t> size, used;
};
inline constexpr Key profile_keys[] = {key<&Profile::block_group_type>("block_group_type"), key<&Profile::mode>("mode"),
                                       key<&Profile::uuid>("uuid")};
inline constexpr Column profile_columns[] = {
    gauge<&Profile::ratio>("btrfs_allocation_ratio", "Disk taken by each byte: copies, or data with its parity."),
    gauge<&Profile::size>("btrfs_size_bytes", "Space that is allocated."),
    gauge<&Profile::used>("btrfs_used_bytes", "Space that is in use."),
};
inline constinit const Table<Profile> profile_table{{"btrfs_profiles", "/sys/fs/btrfs", profile_keys, profile_columns}};

struct Group {
  Text block_group_type, uuid;
  std::optional<std::uint64_t> reserved;
};
inline constexpr Key group_keys[] = {key<&Group::block_group_type>("block_group_type"), key<&Group::uuid>("uuid")};
inline constexpr Column group_columns[] = {gauge<&Group::reserved>("btrfs_reserved_bytes", "Space that is reserved.")};
inline constinit const Table<Group> group_table{{"btrfs_groups", "/sys/fs/btrfs", group_keys, group_columns}};

struct Device {
  OptionalText btrfs_dev_uuid;  // only where it could be asked
  Text device, uuid;
  std::optional<std::uint64_t> size;
  std::uint64_t unused = 0, write = 0, read = 0, flush = 0, corruption = 0, generation = 0;
};
inline constexpr Key device_keys[] = {key<&Device::btrfs_dev_uuid>("btrfs_dev_uuid"), key<&Device::device>("device"),
                                      key<&Device::uuid>("uuid")};
inline constexpr Column device_columns[] = {gauge<&Device::size>("btrfs_device_size_bytes", "Size of the device.")};
inline constinit const Table<Device> device_table{{"btrfs_devices", "/sys/fs/btrfs", device_keys, device_columns}};

inline constexpr Key asked_keys[] = {key<&Device::btrfs_dev_uuid>("btrfs_dev_uuid"), key<&Device::device>("device"),
                                     key<&Device::uuid>("uuid")};
template <auto Member>
consteval Column errors(std::string_view type) {
  return counter<Member>("btrfs_device_errors_total", "Errors of the device, by what went wrong.", {"type", type},
                         type);
}
inline constexpr Column asked_columns[] = {
    errors<&Device::corruption>("corruption"),
    errors<&Device::flush>("flush"),
    errors<&Device::generation>("generation"),
    errors<&Device::read>("read"),
    errors<&Device::write>("write"),
    gauge<&Device::unused>("btrfs_device_unused_bytes", "Space of the device that is not allocated."),
};
inline constinit const Table<Device> asked_table{{"btrfs_asked", "ioctl(2)", asked_keys, asked_columns}};

// Of a file system that was asked, each in both sheets.
inline void show(const Volume& volume, std::string_view uuid, Sheet<Device>& asked, Sheet<Device>& devices) {
  for (std::size_t i = 0; i < volume.count; ++i) {
    const auto& device = volume.devices[i];
    auto& row = asked.next();
    row.btrfs_dev_uuid = device.uuid.view();
    row.device = device.name;
    row.uuid = uuid;
    row.size = device.total;
    row.unused = device.total - device.used;
    row.write = device.errors[0];
    row.read = device.errors[1];
    row.flush = device.errors[2];
    row.corruption = device.errors[3];
    row.generation = device.errors[4];
    devices.next() = row;
  }
}

}  // namespace vitald::filesystem::btrfs_rows
