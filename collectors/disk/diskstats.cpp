// Block devices, from /proc/diskstats and what udev knows of them.
#include "collectors/disk/diskstats.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/disk/facts.hpp"

namespace vitald::disk {
namespace {

// ---- describe: rows -> families, JSON, handbook

constexpr Key keys[] = {key<&Disk::device>("device")};
constexpr Key info_keys[] = {
    key<&Disk::device>("device"),         key<&Disk::major>("major"),   key<&Disk::minor>("minor"),
    key<&Disk::model>("model"),           key<&Disk::path>("path"),     key<&Disk::revision>("revision"),
    key<&Disk::rotational>("rotational"), key<&Disk::serial>("serial"), key<&Disk::wwn>("wwn"),
};
constexpr Column columns[] = {
    gauge<&Disk::ata_rotation_rate>("disk_ata_rotation_rate_rpm", "Turns a minute of an ATA disk; 0 if it has none."),
    gauge<&Disk::ata_write_cache>("disk_ata_write_cache", "1 where an ATA disk has a write cache."),
    gauge<&Disk::ata_write_cache_enabled>("disk_ata_write_cache_enabled",
                                          "1 where an ATA disk's write cache is switched on."),
    counter<&Disk::discard_seconds>("disk_discard_time_seconds_total", "Time spent by all discards."),
    counter<&Disk::discarded_sectors>("disk_discarded_sectors_total", "Sectors of 512 bytes discarded."),
    counter<&Disk::discards>("disk_discards_completed_total", "Discards completed."),
    counter<&Disk::discards_merged>("disk_discards_merged_total", "Discards merged into others."),
    counter<&Disk::flush_seconds>("disk_flush_requests_time_seconds_total", "Time spent by all flushes."),
    counter<&Disk::flushes>("disk_flush_requests_total", "Flushes completed."),
    with_keys(info("disk_info", "What the device is."), info_keys),
    gauge<&Disk::in_flight>("disk_io_now", "Requests in flight."),
    counter<&Disk::io_seconds>("disk_io_time_seconds_total", "Time in which requests were in flight."),
    counter<&Disk::weighted_seconds>("disk_io_time_weighted_seconds_total", "Time spent by all requests together."),
    counter<&Disk::read_bytes>("disk_read_bytes_total", "Bytes read."),
    counter<&Disk::read_seconds>("disk_read_time_seconds_total", "Time spent by all reads."),
    counter<&Disk::reads>("disk_reads_completed_total", "Reads completed."),
    counter<&Disk::reads_merged>("disk_reads_merged_total", "Reads merged into others."),
    counter<&Disk::write_seconds>("disk_write_time_seconds_total", "Time spent by all writes."),
    counter<&Disk::writes>("disk_writes_completed_total", "Writes completed."),
    counter<&Disk::writes_merged>("disk_writes_merged_total", "Writes merged into others."),
    counter<&Disk::written_bytes>("disk_written_bytes_total", "Bytes written."),
};
constinit const Table<Disk> table{{"disks", "/proc/diskstats, /run/udev/data", keys, columns}};

struct Contents {
  Text device, type, usage, uuid, version;
};
constexpr Key contents_keys[] = {key<&Contents::device>("device"), key<&Contents::type>("type"),
                                 key<&Contents::usage>("usage"), key<&Contents::uuid>("uuid"),
                                 key<&Contents::version>("version")};
constexpr Column contents_columns[] = {info("disk_filesystem_info", "The file system that udev found on the device.")};
constinit const Table<Contents> contents_table{{"disk_filesystems", "/run/udev/data", contents_keys, contents_columns}};

struct Mapping {
  Text device, lv_layer, lv_name, name, uuid, vg_name;
};
constexpr Key mapping_keys[] = {key<&Mapping::device>("device"),   key<&Mapping::lv_layer>("lv_layer"),
                                key<&Mapping::lv_name>("lv_name"), key<&Mapping::name>("name"),
                                key<&Mapping::uuid>("uuid"),       key<&Mapping::vg_name>("vg_name")};
constexpr Column mapping_columns[] = {info("disk_device_mapper_info", "What the device mapper made the device of.")};
constinit const Table<Mapping> mapping_table{{"disk_mappings", "/run/udev/data", mapping_keys, mapping_columns}};

// ---- read: kernel -> text

constexpr std::string_view include_flag = "collector.diskstats.device-include";
constexpr std::string_view exclude_flag = "collector.diskstats.device-exclude";

class Diskstats final : public Collector {
 public:
  explicit Diskstats(const Environment& environment)
      : file_(environment.roots.proc + "/diskstats"),
        facts_(environment.roots.sys, environment.roots.udev),
        names_(Filter(environment.options, include_flag, exclude_flag)) {}

  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    if (text->empty() && !file_.live() && !fuse_serves(file_.path())) return Fault{Parse::empty, file_.path()};
    auto& rows = page.sheet(table);
    if (const auto done = parse_diskstats(*text, names_, rows); !done) return done;
    auto& contents = page.sheet(contents_table);  // always both, so that families keep their order
    auto& mappings = page.sheet(mapping_table);
    facts_.begin();
    for (auto& row : rows.view()) add_facts(row, contents, mappings);
    facts_.end();
    return {};
  }

 private:
  void add_facts(Disk& row, Sheet<Contents>& all_contents, Sheet<Mapping>& mappings) {
    const auto& facts = facts_.of({row.device, row.major, row.minor, row.reads + row.writes});
    const auto& udev = facts.udev;
    row.rotational = facts.rotational;
    row.model = udev.model;
    row.path = udev.path;
    row.revision = udev.revision;
    row.serial = udev.serial;
    row.wwn = udev.wwn;
    row.ata_rotation_rate = udev.ata_rotation_rate;
    row.ata_write_cache = udev.ata_write_cache;
    row.ata_write_cache_enabled = udev.ata_write_cache_enabled;
    if (!udev.fs_type.empty()) {
      auto& contents = all_contents.next();
      contents.device = row.device;
      contents.type = udev.fs_type;
      contents.usage = udev.fs_usage;
      contents.uuid = udev.fs_uuid;
      contents.version = udev.fs_version;
    }
    if (udev.dm_name.empty()) return;
    auto& mapping = mappings.next();
    mapping.device = row.device;
    mapping.lv_layer = udev.dm_lv_layer;
    mapping.lv_name = udev.dm_lv_name;
    mapping.name = udev.dm_name;
    mapping.uuid = udev.dm_uuid;
    mapping.vg_name = udev.dm_vg_name;
  }

  KernelFile file_;
  FactsOfDevices facts_;
  SeenNames names_;
};

constexpr const Layout* layouts[] = {&table, &contents_table, &mapping_table};
constexpr Option options[] = {
    {.flag = exclude_flag,
     .kind = Option::Kind::regexp,
     .initial = R"(^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$)",
     .help = "Devices to leave out; not beside device-include."},
    {.flag = include_flag,
     .kind = Option::Kind::regexp,
     .initial = "",
     .help = "Devices to show, and no others; switches the initial device-exclude off.",
     .excludes = exclude_flag},
    {.flag = "collector.diskstats.ignored-devices",
     .kind = Option::Kind::regexp,
     .initial = "",
     .help = "The old name of device-exclude.",
     .excludes = exclude_flag,
     .was_for = exclude_flag,
     .hidden = true},
};

constexpr std::string_view needs = "Serial numbers, models and file systems: udev's database.";

}  // namespace

extern constinit const Entry diskstats;
constinit const Entry diskstats{"diskstats",     "Block devices.", true,    Entry::Runs::fast,
                                make<Diskstats>, layouts,          options, needs};

}  // namespace vitald::disk
