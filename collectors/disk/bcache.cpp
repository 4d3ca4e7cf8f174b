// Caches of block devices, from /sys/fs/bcache.
#include "collectors/base/by_name.hpp"
#include "collectors/base/fill.hpp"
#include "collectors/disk/bcache_tables.hpp"
#include "collectors/disk/bcache_text.hpp"

namespace vitald::disk {
namespace {

using namespace bcache_rows;

// ---- read: files -> rows

// The kernel's file says microseconds; the peer takes them as nanoseconds.
bool nanoseconds(std::string_view text, double& out) {
  std::uint64_t duration = 0;
  if (!parse_human(text, duration)) return false;
  out = static_cast<double>(duration) * 1e-9;
  return true;
}

template <auto Member>
consteval Attribute human(std::string_view file) {
  return converted<Member, parse_human>(file).required();
}

constexpr Attribute set_files[] = {
    human<&CacheSet::average_key_size>("average_key_size"),
    human<&CacheSet::btree_cache_size>("btree_cache_size"),
    human<&CacheSet::available>("cache_available_percent"),
    human<&CacheSet::congested>("congested"),
    human<&CacheSet::root_usage>("root_usage_percent"),
    human<&CacheSet::depth>("tree_depth"),
    human<&CacheSet::journal_entries>("internal/active_journal_entries"),
    human<&CacheSet::btree_nodes>("internal/btree_nodes"),
    converted<&CacheSet::btree_read, nanoseconds>("internal/btree_read_average_duration_us").required(),
    human<&CacheSet::read_races>("internal/cache_read_races"),
};
constexpr Attribute backing_files[] = {
    human<&Backing::dirty>("dirty_data").or_nothing(),  // below 0 for a moment, as it is summed up while it changes
    human<&Backing::bypassed>("stats_total/bypassed"),
    human<&Backing::bypass_hits>("stats_total/cache_bypass_hits"),
    human<&Backing::bypass_misses>("stats_total/cache_bypass_misses"),
    human<&Backing::hits>("stats_total/cache_hits"),
    human<&Backing::collisions>("stats_total/cache_miss_collisions"),
    human<&Backing::misses>("stats_total/cache_misses"),
    converted<&Backing::readaheads, parse_human>("stats_total/cache_readaheads"),
};
constexpr Attribute cache_files[] = {
    human<&Cache::io_errors>("io_errors"),
    human<&Cache::metadata_written>("metadata_written"),
    human<&Cache::written>("written"),
};
constexpr std::size_t one_more = std::size(backing_files);  // the place of the file that holds several values

bool is_device(std::string_view name, std::string_view prefix) {
  std::uint32_t number = 0;
  return numbered(name, prefix, number);
}

constexpr std::string_view priorities_flag = "collector.bcache.priorityStats";

class Bcache final : public Collector {
 public:
  explicit Bcache(const Environment& environment)
      : environment_(environment),
        sets_(environment, {.below = "fs/bcache",
                            .most = 1024,
                            .keeps = [](std::string_view name) { return name.find('-') != name.npos; }}),
        priorities_(environment.options.on(priorities_flag)) {}

  Result<void> collect(Page& page) override {
    auto& sheet = page.sheet(set_table);
    auto& backing = page.sheet(backing_table);
    auto& caches = page.sheet(cache_table);
    const auto looked = sets_.look();
    if (const auto done = or_lacking(looked, page); !done) return done;
    devices_.begin();
    for (std::size_t i = 0; looked && i < sets_.size(); ++i) {
      if (!sets_.there(i)) continue;
      auto& set = sheet.next();
      set.uuid = sets_.name(i);
      if (const auto filled = fill(sets_, i, set_files, &set); !filled) return filled;
      if (const auto read = read_devices(set.uuid, backing, caches); !read) return read;
    }
    devices_.end();
    return {};
  }

 private:
  Result<void> read_devices(std::string_view uuid, Sheet<Backing>& backing, Sheet<Cache>& caches) {
    auto& folder = devices_.of(uuid, [&] {
      return DeviceFolder(environment_,
                          {.below = std::string("fs/bcache/").append(uuid), .keeps = [](std::string_view name) {
                             return is_device(name, "bdev") || is_device(name, "cache");
                           }});
    });
    if (const auto looked = folder.look(); !looked) return looked;
    for (std::size_t i = 0; i < folder.size(); ++i) {
      if (!folder.there(i)) continue;
      const bool is_cache = folder.name(i).starts_with("cache");
      const auto read =
          is_cache ? read_cache(folder, i, uuid, caches.next()) : read_backing(folder, i, uuid, backing.next());
      if (!read) return read;
    }
    return {};
  }

  static Result<void> read_backing(DeviceFolder& folder, std::size_t device, std::string_view uuid, Backing& row) {
    row.backing_device = folder.name(device);
    row.uuid = uuid;
    if (const auto filled = fill(folder, device, backing_files, &row); !filled) return filled;
    if (row.readaheads && *row.readaheads == 0) row.readaheads.reset();  // the peer shows them only where there are any
    const auto text = folder.read(device, {one_more, "writeback_rate_debug", true});
    if (!text) return text.error();
    if (!*text) return folder.fault(Parse::empty);
    Writeback said;
    if (const auto parsed = parse_writeback(**text, said); !parsed) return parsed;
    row.rate = said.rate;
    row.target = said.target;
    row.proportional = said.proportional;
    row.integral = said.integral;
    row.change = said.change;
    return {};
  }

  Result<void> read_cache(DeviceFolder& folder, std::size_t device, std::string_view uuid, Cache& row) {
    row.cache_device = folder.name(device);
    row.uuid = uuid;
    if (const auto filled = fill(folder, device, cache_files, &row); !filled) return filled;
    if (!priorities_) return {};
    const auto text = folder.read(device, {one_more, "priority_stats", true});
    if (!text) return text.error();
    if (!*text) return folder.fault(Parse::empty);
    Priorities said;
    if (const auto parsed = parse_priorities(**text, said); !parsed) return parsed;
    row.metadata = said.metadata;
    row.unused = said.unused;
    return {};
  }

  Environment environment_;
  DeviceFolder sets_;
  bool priorities_;
  ByName<DeviceFolder> devices_;
};

constexpr const Layout* layouts[] = {&set_table, &backing_table, &cache_table};
constexpr Option options[] = {{.flag = priorities_flag,
                               .kind = Option::Kind::boolean,
                               .initial = "false",
                               .help = "Also read priority_stats, for which the kernel looks at every bucket."}};

}  // namespace

extern constinit const Entry bcache;
constinit const Entry bcache{"bcache",     "Caches of block devices.",
                             true,         Entry::Runs::fast,
                             make<Bcache>, layouts,
                             options,      "CONFIG_BCACHE. Priorities: CAP_DAC_READ_SEARCH."};

}  // namespace vitald::disk
