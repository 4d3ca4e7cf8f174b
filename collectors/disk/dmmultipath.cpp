// Multipath devices of the device mapper and their paths, from /sys/block.
#include "collectors/base/devices.hpp"

#include <limits>

namespace vitald::disk {
namespace {

struct Map {
  Text sysfs_name, device, uuid;
  std::optional<std::uint64_t> active, size;
  std::uint64_t paths = 0, paths_active = 0, paths_failed = 0;
};

struct Path {
  Text device, path, state;
};

constexpr std::size_t most_paths = 65536;  // of all devices; some 15 MiB of memory

// ---- parse: files -> rows

// False for devices of other targets.
bool store_uuid(const Attribute&, std::string_view text, void* row) {
  if (!text.starts_with("mpath-")) return false;
  static_cast<Map*>(row)->uuid = text;
  return true;
}

bool not_suspended(std::string_view text, std::uint64_t& out) {
  if (text != "0" && text != "1") return false;
  out = text == "0";
  return true;
}

bool bytes_of_sectors(std::string_view text, std::uint64_t& out) {
  std::uint64_t sectors = 0;
  if (!scan::number(text, sectors) || sectors > std::numeric_limits<std::uint64_t>::max() / 512) return false;
  out = sectors * 512;
  return true;
}

constexpr Attribute attributes[] = {
    Attribute{"dm/uuid", store_uuid}.decisive().or_nothing(),
    text<&Map::device>("dm/name").decisive(),
    converted<&Map::active, not_suspended>("dm/suspended"),
    converted<&Map::size, bytes_of_sectors>("size"),
};

// ---- describe: rows -> families, JSON, handbook

constexpr Key keys[] = {key<&Map::device>("device"), key<&Map::sysfs_name>("sysfs_name")};
constexpr Key info_keys[] = {key<&Map::device>("device"), key<&Map::sysfs_name>("sysfs_name"), key<&Map::uuid>("uuid")};
constexpr Column columns[] = {
    gauge<&Map::active>("dmmultipath_device_active", "1 where the device works, 0 where it is suspended."),
    with_keys(info("dmmultipath_device_info", "What the device is."), info_keys),
    gauge<&Map::paths>("dmmultipath_device_paths", "Paths of the device."),
    gauge<&Map::paths_active>("dmmultipath_device_paths_active", "Paths that are running or live."),
    gauge<&Map::paths_failed>("dmmultipath_device_paths_failed", "Paths that are not."),
    gauge<&Map::size>("dmmultipath_device_size_bytes", "Size of the device."),
};
constinit const Table<Map> table{{"multipath_devices", "/sys/block/dm-*", keys, columns}};

constexpr Key path_keys[] = {key<&Path::device>("device"), key<&Path::path>("path"), key<&Path::state>("state")};
constexpr Column path_columns[] = {
    info("dmmultipath_path_state", "The state of each path, as SCSI or NVMe tell it."),
};
constinit const Table<Path> path_table{
    {"multipath_paths", "/sys/block/dm-*/slaves, /sys/block/*/device/state", path_keys, path_columns}};

// ---- read: kernel -> files

bool is_mapped(std::string_view name) {
  std::uint32_t number = 0;
  return numbered(name, "dm-", number);
}

class Dmmultipath final : public Collector {
 public:
  explicit Dmmultipath(const Environment& environment)
      : devices_(environment,
                 {.below = "block", .subsystem = "block", .most = DeviceFolder::most_of_all, .keeps = is_mapped},
                 &Map::sysfs_name, attributes),
        slaves_({}),
        state_({}, KernelFile::Holds::value) {}

  Result<void> collect(Page& page) override {
    auto& maps = page.sheet(table);
    auto& paths = page.sheet(path_table);
    if (const auto done = devices_.collect(maps); !done) return done;
    for (auto& map : maps.view())
      if (const auto done = read_paths(map, paths); !done) return done;
    return {};
  }

 private:
  // Which paths there are changes without a word to those who listen: they are listed each time.
  Result<void> read_paths(Map& map, Sheet<Path>& out) {
    path_.assign(devices_.folder().path()).append("/").append(map.sysfs_name.view()).append("/slaves");
    slaves_.turn_to(path_);
    const auto names = slaves_.list();
    if (!names && state_of(names.error()) == State::absent) return {};  // the device is going
    if (!names) return names.error();
    for (const auto name : *names) {
      if (out.view().size() >= most_paths) return Fault{Parse::too_large, "multipath: paths"};
      auto& row = out.next();
      row.device = map.device;
      row.path = name;
      if (const auto done = read_state(row); !done) return done;
      const bool active = row.state == "running" || row.state == "live";
      ++map.paths;
      ++(active ? map.paths_active : map.paths_failed);
    }
    return {};
  }

  Result<void> read_state(Path& row) {
    path_.assign(devices_.folder().path()).append("/").append(row.path.view()).append("/device/state");
    state_.turn_to(path_);
    const auto text = state_.read();
    if (!text && text.error().code.category() != boost::system::system_category()) return text.error();
    const auto state = text ? scan::trimmed(*text, " \n") : std::string_view{};
    row.state = state.empty() ? "unknown" : state;  // it is a path all the same, and not known to work
    return {};
  }

  Devices<Map> devices_;
  KernelDir slaves_;
  KernelFile state_;
  std::string path_;
};

constexpr const Layout* layouts[] = {&table, &path_table};
constexpr std::string_view needs = "CONFIG_DM_MULTIPATH, and maps made by multipathd.";

}  // namespace

extern constinit const Entry dmmultipath;
constinit const Entry dmmultipath{
    "dmmultipath", "Multipath devices and their paths.", true, Entry::Runs::fast, make<Dmmultipath>, layouts, {},
    needs};

}  // namespace vitald::disk
