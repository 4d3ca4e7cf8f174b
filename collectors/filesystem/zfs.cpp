// ZFS: its caches, its intent log and its pools, from /proc/spl/kstat/zfs.
#include "collectors/filesystem/zfs.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/filesystem/zfs_pools.hpp"

namespace vitald::filesystem {
namespace {

// ---- describe: rows -> families, JSON, handbook

struct Area {  // a file, and how its families begin
  std::string_view table, source;
  Column column;
};
consteval Column of(std::string_view prefix, std::string_view help) {
  return open<&Kstat::value>(Type::untyped, prefix, help);
}
constexpr std::string_view below = "/proc/spl/kstat/zfs/";
constexpr Area areas[] = {
    {"zfs_abd", "/proc/spl/kstat/zfs/abdstats", of("zfs_abd_", "A counter of ZFS's buffers.")},
    {"zfs_arc", "/proc/spl/kstat/zfs/arcstats", of("zfs_arc_", "A counter of ZFS's adaptive replacement cache.")},
    {"zfs_dbuf", "/proc/spl/kstat/zfs/dbufstats", of("zfs_dbuf_", "A counter of ZFS's cache of uncompressed blocks.")},
    {"zfs_dmu_tx", "/proc/spl/kstat/zfs/dmu_tx", of("zfs_dmu_tx_", "A counter of ZFS's transactions.")},
    {"zfs_dnode", "/proc/spl/kstat/zfs/dnodestats", of("zfs_dnode_", "A counter of ZFS's objects in memory.")},
    {"zfs_fm", "/proc/spl/kstat/zfs/fm", of("zfs_fm_", "A counter of ZFS's reports of faults.")},
    {"zfs_vdev_cache", "/proc/spl/kstat/zfs/vdev_cache_stats",
     of("zfs_vdev_cache_", "A counter of the devices' caches.")},
    {"zfs_vdev_mirror", "/proc/spl/kstat/zfs/vdev_mirror_stats",
     of("zfs_vdev_mirror_", "A counter of reads from mirrors.")},
    {"zfs_xuio", "/proc/spl/kstat/zfs/xuio_stats", of("zfs_xuio_", "A counter of buffers lent to other modules.")},
    {"zfs_zfetch", "/proc/spl/kstat/zfs/zfetchstats", of("zfs_zfetch_", "A counter of reading ahead.")},
    {"zfs_zil", "/proc/spl/kstat/zfs/zil", of("zfs_zil_", "A counter of ZFS's intent log.")},
};

constexpr auto name_of_row = named<&Kstat::name>;  // out of the template: clang 14 would not make it there

template <std::size_t... I>
consteval std::array<Table<Kstat>, sizeof...(I)> tables_of(std::index_sequence<I...>) {
  return {Table<Kstat>{{areas[I].table, areas[I].source, {}, {&areas[I].column, 1}, name_of_row}}...};
}
constinit const auto tables = tables_of(std::make_index_sequence<std::size(areas)>());

constexpr Key io_keys[] = {key<&PoolIo::pool>("zpool")};
constexpr Place io_places[] = {
    {"", 1, "zfs_zpool_nread", "Bytes read from the pool.", Type::untyped, {}, "nread"},
    {"", 2, "zfs_zpool_nwritten", "Bytes written to the pool.", Type::untyped, {}, "nwritten"},
    {"", 3, "zfs_zpool_reads", "Reads from the pool.", Type::untyped, {}, "reads"},
    {"", 4, "zfs_zpool_writes", "Writes to the pool.", Type::untyped, {}, "writes"},
    {"", 5, "zfs_zpool_wtime", "Nanoseconds in which requests waited.", Type::untyped, {}, "wtime"},
    {"", 6, "zfs_zpool_wlentime", "Nanoseconds that requests waited, together.", Type::untyped, {}, "wlentime"},
    {"",
     7,
     "zfs_zpool_wupdate",
     "When the queue of those that wait last changed, in nanoseconds.",
     Type::untyped,
     {},
     "wupdate"},
    {"", 8, "zfs_zpool_rtime", "Nanoseconds in which requests were served.", Type::untyped, {}, "rtime"},
    {"", 9, "zfs_zpool_rlentime", "Nanoseconds that requests were served, together.", Type::untyped, {}, "rlentime"},
    {"",
     10,
     "zfs_zpool_rupdate",
     "When the queue of those that are served last changed, in nanoseconds.",
     Type::untyped,
     {},
     "rupdate"},
    {"", 11, "zfs_zpool_wcnt", "Requests that wait.", Type::untyped, {}, "wcnt"},
    {"", 12, "zfs_zpool_rcnt", "Requests that are served.", Type::untyped, {}, "rcnt"},
};
constexpr auto io_columns = columns_of<PoolIo>(io_places);
constinit const Table<PoolIo> io_table{{"zfs_pool_io", "/proc/spl/kstat/zfs/POOL/io", io_keys, io_columns}};

constexpr Key state_keys[] = {key<&PoolState::pool>("zpool")};
constexpr std::string_view states = "The pool's state: 1 for the one it is in.";
constexpr Column state_columns[] = {
    gauge<&PoolState::degraded>("zfs_zpool_state", states, {"state", "degraded"}, "degraded"),
    gauge<&PoolState::faulted>("zfs_zpool_state", states, {"state", "faulted"}, "faulted"),
    gauge<&PoolState::offline>("zfs_zpool_state", states, {"state", "offline"}, "offline"),
    gauge<&PoolState::online>("zfs_zpool_state", states, {"state", "online"}, "online"),
    gauge<&PoolState::removed>("zfs_zpool_state", states, {"state", "removed"}, "removed"),
    gauge<&PoolState::suspended>("zfs_zpool_state", states, {"state", "suspended"}, "suspended"),
    gauge<&PoolState::unavail>("zfs_zpool_state", states, {"state", "unavail"}, "unavail"),
};
constinit const Table<PoolState> state_table{
    {"zfs_pools", "/proc/spl/kstat/zfs/POOL/state", state_keys, state_columns}};

constexpr Key dataset_keys[] = {key<&DatasetStat::dataset>("dataset"), key<&DatasetStat::pool>("zpool")};
constexpr Column dataset_columns[] = {
    open<&DatasetStat::value>(Type::untyped, "zfs_zpool_dataset_", "A counter of a dataset.")};
constinit const Table<DatasetStat> dataset_table{
    {"zfs_datasets", "/proc/spl/kstat/zfs/POOL/objset-*", dataset_keys, dataset_columns, named<&DatasetStat::name>}};

// ---- read: kernel -> text

class Zfs final : public Collector {
 public:
  explicit Zfs(const Environment& environment) : folder_(environment.roots.proc + "/spl/kstat/zfs") {}

  Result<void> collect(Page& page) override {
    const auto names = folder_.list();
    if (!names) return names.error();
    if (files_.empty())
      for (const auto& area : areas) files_.push_back({KernelFile(folder_.path() + "/" + std::string(file_of(area)))});
    for (std::size_t i = 0; i < files_.size(); ++i)
      if (const auto done = read(*names, i, page.sheet(tables[i])); !done) return done;
    auto& io = page.sheet(io_table);
    auto& pool_states = page.sheet(state_table);
    return pools_.collect(folder_.path(), *names, {io, pool_states, page.sheet(dataset_table)});
  }

 private:
  struct File {
    KernelFile file;
    KstatNames names = {};
  };

  static std::string_view file_of(const Area& area) { return area.source.substr(below.size()); }

  // Not every version of ZFS has every file.
  Result<void> read(std::span<const std::string_view> there, std::size_t i, Sheet<Kstat>& out) {
    if (!std::ranges::binary_search(there, file_of(areas[i]))) return {};
    const auto text = files_[i].file.read();
    if (text) return parse_kstat(*text, files_[i].names, out);
    if (state_of(text.error()) == State::absent) return {};
    return text.error();
  }

  KernelDir folder_;
  std::vector<File> files_;  // made when there is ZFS
  Pools pools_;
};

template <std::size_t... I>
consteval std::array<const Layout*, sizeof...(I) + 3> layouts_of(std::index_sequence<I...>) {
  return {&tables[I]..., &io_table, &state_table, &dataset_table};
}
constexpr auto layouts = layouts_of(std::make_index_sequence<std::size(areas)>());
constexpr std::string_view needs = "OpenZFS's kernel module.";

}  // namespace

extern constinit const Entry zfs;
constinit const Entry zfs{"zfs", "ZFS's caches and pools.", true, Entry::Runs::fast, make<Zfs>, layouts, {}, needs};

}  // namespace vitald::filesystem
