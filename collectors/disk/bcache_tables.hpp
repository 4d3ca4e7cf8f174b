#pragma once
// What bcache's rows mean: families, JSON, handbook.
#include "collectors/base/table.hpp"

namespace vitald::disk::bcache_rows {

struct CacheSet {
  Text uuid;
  std::uint64_t average_key_size = 0, btree_cache_size = 0, available = 0, congested = 0, root_usage = 0, depth = 0;
  std::uint64_t journal_entries = 0, btree_nodes = 0, read_races = 0;
  double btree_read = 0;
};
inline constexpr Key set_keys[] = {key<&CacheSet::uuid>("uuid")};
inline constexpr Column set_columns[] = {
    gauge<&CacheSet::journal_entries>("bcache_active_journal_entries",
                                      "Entries of the journal that are newer than the index."),
    gauge<&CacheSet::average_key_size>("bcache_average_key_size_sectors", "Average size of the data of one key."),
    gauge<&CacheSet::btree_cache_size>("bcache_btree_cache_size_bytes", "Memory that the index's cache takes."),
    gauge<&CacheSet::btree_nodes>("bcache_btree_nodes", "Nodes of the index."),
    gauge<&CacheSet::btree_read>("bcache_btree_read_average_duration_seconds",
                                 "Average time of reading a node of the index."),
    gauge<&CacheSet::available>(peer_name("bcache_cache_available_percent"), "Share of the cache without dirty data."),
    counter<&CacheSet::read_races>("bcache_cache_read_races_total", "Reads of what was overwritten meanwhile."),
    gauge<&CacheSet::congested>("bcache_congested", "How congested the cache is."),
    gauge<&CacheSet::root_usage>(peer_name("bcache_root_usage_percent"),
                                 "Share of the index's root node that is in use."),
    gauge<&CacheSet::depth>("bcache_tree_depth", "Depth of the index."),
};
inline constinit const Table<CacheSet> set_table{{"bcache", "/sys/fs/bcache", set_keys, set_columns}};

struct Backing {
  Text backing_device, uuid;
  std::uint64_t bypassed = 0, bypass_hits = 0, bypass_misses = 0, hits = 0, collisions = 0, misses = 0, dirty = 0;
  std::optional<std::uint64_t> readaheads;  // up to kernel 5.12
  std::optional<std::int64_t> rate, target, proportional, integral, change;
};
inline constexpr Key backing_keys[] = {key<&Backing::backing_device>("backing_device"), key<&Backing::uuid>("uuid")};
inline constexpr Column backing_columns[] = {
    counter<&Backing::bypassed>("bcache_bypassed_bytes_total", "Bytes that went past the cache."),
    counter<&Backing::bypass_hits>("bcache_cache_bypass_hits_total", "Hits of requests that were to pass the cache."),
    counter<&Backing::bypass_misses>("bcache_cache_bypass_misses_total",
                                     "Misses of requests that were to pass the cache."),
    counter<&Backing::hits>("bcache_cache_hits_total", "Requests that the cache answered."),
    counter<&Backing::collisions>("bcache_cache_miss_collisions_total",
                                  "Misses whose data was written to the cache by others meanwhile."),
    counter<&Backing::misses>("bcache_cache_misses_total", "Requests that the cache could not answer."),
    counter<&Backing::readaheads>("bcache_cache_readaheads_total", "Times that was read ahead."),
    gauge<&Backing::dirty>("bcache_dirty_data_bytes", "Dirty data of the device in the cache."),
    gauge<&Backing::target>("bcache_dirty_target_bytes", "Dirty data that the device should have in the cache."),
    gauge<&Backing::change>("bcache_writeback_change", "Last change of the rate of writing back."),
    gauge<&Backing::rate>("bcache_writeback_rate", "Rate of writing back, in bytes a second."),
    gauge<&Backing::integral>("bcache_writeback_rate_integral_term",
                              "What the controller's integral adds to the rate."),
    gauge<&Backing::proportional>("bcache_writeback_rate_proportional_term",
                                  "What the controller's proportion adds to the rate."),
};
inline constinit const Table<Backing> backing_table{
    {"bcache_backing", "/sys/fs/bcache", backing_keys, backing_columns}};

struct Cache {
  Text cache_device, uuid;
  std::uint64_t io_errors = 0, metadata_written = 0, written = 0;
  std::optional<std::uint64_t> metadata, unused;  // per cent, when asked for
};
inline constexpr Key cache_keys[] = {key<&Cache::cache_device>("cache_device"), key<&Cache::uuid>("uuid")};
inline constexpr Column cache_columns[] = {
    gauge<&Cache::io_errors>("bcache_io_errors", "Errors of the device, fewer as time goes by."),
    counter<&Cache::metadata_written>("bcache_metadata_written_bytes_total", "Bytes written that are no data."),
    gauge<&Cache::metadata>(peer_name("bcache_priority_stats_metadata_percent"), "Share of buckets with metadata."),
    gauge<&Cache::unused>(peer_name("bcache_priority_stats_unused_percent"), "Share of buckets without data."),
    counter<&Cache::written>("bcache_written_bytes_total", "Bytes written."),
};
inline constinit const Table<Cache> cache_table{{"bcache_caches", "/sys/fs/bcache", cache_keys, cache_columns}};

}  // namespace vitald::disk::bcache_rows
