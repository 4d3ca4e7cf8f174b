// Allocation, commits and devices of btrfs file systems, from /sys/fs/btrfs and by ioctl(2).
#include "collectors/filesystem/btrfs.hpp"

#include "collectors/base/by_name.hpp"
#include "collectors/base/devices.hpp"
#include "collectors/filesystem/btrfs_tables.hpp"
#include "collectors/filesystem/btrfs_volumes.hpp"

#include <limits>

namespace vitald::filesystem {

namespace {

using namespace btrfs_rows;

// ---- read: files -> rows

struct Kept {  // of one file system
  DeviceFolder groups, devices;
  ByName<DeviceFolder> profiles;
};

struct Sheets {
  Sheet<Profile>& profiles;
  Sheet<Group>& groups;
  Sheet<Device>& devices;
  Sheet<Device>& asked;
};

class Btrfs final : public Collector {
 public:
  explicit Btrfs(const Environment& environment) : Btrfs(environment, ask_volume, "/proc/self/mountinfo") {}
  Btrfs(const Environment& environment, AskVolume ask, std::string own)
      : environment_(environment),
        filesystems_(folder("", [](std::string_view name) { return name.find('-') != name.npos; })),
        volumes_(environment.roots.proc, environment.roots.rootfs, ask, std::move(own)) {}

  Result<void> collect(Page& page) override {
    auto& sheet = page.sheet(table);
    Sheets sheets{page.sheet(profile_table), page.sheet(group_table), page.sheet(device_table),
                  page.sheet(asked_table)};
    const auto looked = filesystems_.look();
    if (const auto done = or_lacking(looked, page); !done) return done;
    if (!looked || filesystems_.size() == 0) return {};
    volumes_.ask_all();
    kept_.begin();
    for (std::size_t i = 0; i < filesystems_.size(); ++i)
      if (filesystems_.there(i)) {
        auto& row = sheet.next();
        if (const auto read = read_filesystem(i, row); !read) return read;
        // Clones that are mounted side by side (since Linux 6.7) have one metadata_uuid.
        const auto same = [&](const Filesystem& other) { return &other != &row && other.uuid == row.uuid.view(); };
        if (std::ranges::any_of(sheet.view(), same)) row.uuid = filesystems_.name(i);
        if (const auto read = read_parts(filesystems_.name(i), row.uuid, sheets); !read) return read;
      }
    kept_.end();
    return {};
  }

 private:
  static constexpr std::size_t label_file = 0, uuid_file = 1, reserve_file = 2, commits_file = 3;

  DeviceFolder folder(std::string_view below, std::function<bool(std::string_view)> keeps = {}) const {
    return {environment_, {.below = std::string("fs/btrfs").append(below), .keeps = std::move(keeps)}};
  }

  // A number; none where the file has nothing to tell.
  static Result<std::optional<std::uint64_t>> number_of(DeviceFolder& folder, std::size_t device,
                                                        const DeviceFolder::File& file) {
    const auto text = folder.read(device, file);
    if (!text) return text.error();
    if (!*text) return std::nullopt;
    std::uint64_t number = 0;
    if (!scan::number(**text, number)) return folder.fault(Parse::not_a_number);
    return number;
  }

  Result<void> read_filesystem(std::size_t i, Filesystem& row) {
    const auto label = filesystems_.read(i, {.place = label_file, .name = "label", .as_told = true});
    if (!label) return label.error();
    row.label = label->value_or("");
    const auto uuid = filesystems_.read(i, {uuid_file, "metadata_uuid"});
    if (!uuid) return uuid.error();
    row.uuid = uuid->value_or(filesystems_.name(i));
    if (*uuid && row.uuid.view().find_first_not_of("0123456789abcdef-") != std::string_view::npos)
      return filesystems_.fault(Parse::unknown_layout);
    const auto reserve = number_of(filesystems_, i, {reserve_file, "allocation/global_rsv_size"});
    if (!reserve) return reserve.error();
    row.reserve = *reserve;
    const auto said = filesystems_.read(i, {commits_file, "commit_stats", true});
    if (!said) return said.error();
    Commits commits;  // older kernels do not tell, and the peer shows 0 then
    if (*said)
      if (const auto parsed = parse_commit_stats(**said, commits); !parsed) return parsed;
    row.count = commits.count;
    row.last = commits.last_seconds;
    row.longest = commits.longest_seconds;
    row.all = commits.all_seconds;
    return {};
  }

  Result<void> read_parts(std::string_view name, std::string_view uuid, Sheets& out) {
    const auto below = [&](std::string_view what) { return std::string("/").append(name).append(what); };
    auto& kept = kept_.of(name, [&] {
      const auto is_group = [](std::string_view each) {
        return each == "data" || each == "metadata" || each == "system";
      };
      return Kept{folder(below("/allocation"), is_group), folder(below("/devices")), {}};
    });
    const auto devices = read_devices(kept.devices, name, uuid, out);
    if (!devices) return devices.error();
    if (const auto looked = kept.groups.look(); !looked) return looked;
    kept.profiles.begin();
    for (std::size_t i = 0; i < kept.groups.size(); ++i) {
      if (!kept.groups.there(i)) continue;
      const auto type = kept.groups.name(i);
      auto& group = out.groups.next();
      group.block_group_type = type;
      group.uuid = uuid;
      const auto reserved = number_of(kept.groups, i, {0, "bytes_reserved"});
      if (!reserved) return reserved.error();
      group.reserved = *reserved;
      auto& profiles = kept.profiles.of(type, [&] {
        const auto is_profile = [](std::string_view each) { return each.find('_') == each.npos && each != "flags"; };
        return folder(below("/allocation/").append(type), is_profile);
      });
      if (const auto read = read_profiles(profiles, group, *devices, out.profiles); !read) return read;
    }
    kept.profiles.end();
    return {};
  }

  static Result<void> read_profiles(DeviceFolder& folder, const Group& group, std::size_t devices,
                                    Sheet<Profile>& out) {
    if (const auto looked = folder.look(); !looked) return looked;
    for (std::size_t i = 0; i < folder.size(); ++i) {
      if (!folder.there(i)) continue;
      auto& row = out.next();
      row.block_group_type = group.block_group_type;
      row.mode = folder.name(i);
      row.uuid = group.uuid;
      row.ratio = allocation_ratio(folder.name(i), devices);
      const auto used = number_of(folder, i, {0, "used_bytes"});
      if (!used) return used.error();
      row.used = *used;
      const auto size = number_of(folder, i, {1, "total_bytes"});
      if (!size) return size.error();
      row.size = *size;
    }
    return {};
  }

  // How many there are; a file system that could be asked tells of them itself.
  Result<std::size_t> read_devices(DeviceFolder& folder, std::string_view name, std::string_view uuid, Sheets& out) {
    const auto looked = folder.look();
    if (!looked && state_of(looked.error()) != State::absent) return looked.error();
    const std::size_t count = looked ? folder.size() : 0;
    if (const auto* volume = volumes_.of(name)) {
      show(*volume, uuid, out.asked, out.devices);
      return count;
    }
    for (std::size_t i = 0; i < count; ++i) {
      auto& row = out.devices.next();
      row.device = folder.name(i);
      row.uuid = uuid;
      const auto sectors = number_of(folder, i, {0, "size"});
      if (!sectors) return sectors.error();
      if (*sectors && **sectors > std::numeric_limits<std::uint64_t>::max() / 512)
        return folder.fault(Parse::not_a_number);
      if (*sectors) row.size = **sectors * 512;  // of 512 bytes here, whatever the device has
    }
    return count;
  }

  Environment environment_;
  DeviceFolder filesystems_;
  Volumes volumes_;
  ByName<Kept> kept_;
};

constexpr const Layout* layouts[] = {&table, &profile_table, &group_table, &device_table, &asked_table};

}  // namespace

std::unique_ptr<Collector> make_btrfs(const Environment& environment, AskVolume ask, std::string own) {
  return std::make_unique<Btrfs>(environment, ask, std::move(own));
}

extern constinit const Entry btrfs;
constinit const Entry btrfs{"btrfs",     "Allocation, commits and devices of btrfs.",
                            true,        Entry::Runs::fast,
                            make<Btrfs>, layouts,
                            {},          "CONFIG_BTRFS_FS. Mounts in folders of others: CAP_DAC_READ_SEARCH."};

}  // namespace vitald::filesystem
