// Software RAID, from /proc/mdstat and /sys/block/md*/md.
#include "collectors/disk/mdadm.hpp"

#include "collectors/base/devices.hpp"
#include "collectors/base/kernel_file.hpp"

#include <unistd.h>

namespace vitald::disk {
namespace {

// ---- describe: rows -> families, JSON, handbook

constexpr Key keys[] = {key<&Array::device>("device")};
constexpr std::string_view disks = "Disks of the array by their state.",
                           states = "The array's state: 1 for the one it is in.";
constexpr Column columns[] = {
    gauge<&Array::blocks>("md_blocks", "Blocks of 1 KiB that the array has."),
    gauge<&Array::blocks_synced>("md_blocks_synced", "Blocks of 1 KiB that are in sync, or that were checked."),
    gauge<&Array::disks_active>("md_disks", disks, {"state", "active"}, "disks_active"),
    gauge<&Array::disks_failed>("md_disks", disks, {"state", "failed"}, "disks_failed"),
    gauge<&Array::disks_spare>("md_disks", disks, {"state", "spare"}, "disks_spare"),
    gauge<&Array::disks_required>("md_disks_required", "Disks that the array has when it is whole."),
    gauge<&Array::active>("md_state", states, {"state", "active"}, "active"),
    gauge<&Array::check>("md_state", states, {"state", "check"}, "check"),
    gauge<&Array::inactive>("md_state", states, {"state", "inactive"}, "inactive"),
    gauge<&Array::recovering>("md_state", states, {"state", "recovering"}, "recovering"),
    gauge<&Array::resync>("md_state", states, {"state", "resync"}, "resync"),
};
constinit const Table<Array> table{{"md", "/proc/mdstat", keys, columns}};

struct Raid {
  Text device;
  std::optional<std::uint64_t> degraded;
  std::uint64_t raid_disks = 0;
};
constexpr Key raid_keys[] = {key<&Raid::device>("device")};
constexpr Column raid_columns[] = {
    gauge<&Raid::degraded>("md_degraded", "Disks that the array lacks."),
    gauge<&Raid::raid_disks>("md_raid_disks", "Disks that the array is made of."),
};
constinit const Table<Raid> raid_table{{"md_raid", "/sys/block/md*/md", raid_keys, raid_columns}};

// "5", or "5 (4)" while the array grows from four disks to five
bool first_number(std::string_view text, std::uint64_t& out) {
  std::uint64_t before = 0;
  if (!scan::numbers(text, out)) return false;
  const auto rest = scan::trimmed(text);
  return rest.empty() || (rest.size() > 2 && rest.front() == '(' && rest.back() == ')' &&
                          scan::number(rest.substr(1, rest.size() - 2), before));
}

constexpr Attribute attributes[] = {
    converted<&Raid::raid_disks, first_number>("md/raid_disks").decisive(),  // empty for containers (imsm, ddf)
    number<&Raid::degraded>("md/degraded"),
};

// ---- read: kernel -> text

class Mdadm final : public Collector {
 public:
  explicit Mdadm(const Environment& environment)
      : mdstat_(environment.roots.proc + "/mdstat"),
        block_(environment.roots.sys + "/block/"),
        raids_(environment,
               {.below = "block", .subsystem = "block", .most = DeviceFolder::most_of_all, .keeps = is_array},
               &Raid::device, attributes) {}

  Result<void> collect(Page& page) override {
    const auto text = mdstat_.read();
    if (!text) return text.error();
    if (const auto done = parse_mdstat(*text, page.sheet(table)); !done) return done;
    auto& raids = page.sheet(raid_table);
    if (const auto done = raids_.collect(raids); !done)
      return state_of(done.error()) == State::absent ? Result<void>{} : done;
    for (auto& raid : raids.view())
      if (!raid.degraded && is_never_degraded(raid)) raid.degraded = 0;
    return {};
  }

 private:
  static bool is_array(std::string_view name) { return name.starts_with("md"); }

  // Striped and linear arrays have no such file; where there is one that says nothing, nothing is known.
  bool is_never_degraded(const Raid& raid) {
    path_.assign(block_).append(raid.device).append("/md/degraded");
    return ::access(path_.c_str(), F_OK) != 0 && errno == ENOENT;
  }

  KernelFile mdstat_;
  std::string block_, path_;
  Devices<Raid> raids_;
};

constexpr const Layout* layouts[] = {&table, &raid_table};
constexpr std::string_view needs = "CONFIG_BLK_DEV_MD.";

}  // namespace

extern constinit const Entry mdadm;
constinit const Entry mdadm{"mdadm", "Software RAID.", true, Entry::Runs::fast, make<Mdadm>, layouts, {}, needs};

}  // namespace vitald::disk
