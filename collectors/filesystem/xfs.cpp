// What XFS file systems did, from /sys/fs/xfs (since Linux 4.4).
#include "collectors/filesystem/xfs.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/devices.hpp"

namespace vitald::filesystem {
namespace {

// ---- describe: rows -> families, JSON, handbook

constexpr Key keys[] = {key<&Xfs::device>("device")};
constexpr Place places[] = {
    {"abt", 2, "xfs_allocation_btree_compares_total", "Comparisons in the trees of free space."},
    {"abt", 1, "xfs_allocation_btree_lookups_total", "Searches in the trees of free space."},
    {"abt", 4, "xfs_allocation_btree_records_deleted_total", "Records taken out of the trees of free space."},
    {"abt", 3, "xfs_allocation_btree_records_inserted_total", "Records put into the trees of free space."},
    {"bmbt", 2, "xfs_block_map_btree_compares_total", "Comparisons in files' trees of extents."},
    {"bmbt", 1, "xfs_block_map_btree_lookups_total", "Searches in files' trees of extents."},
    {"bmbt", 4, "xfs_block_map_btree_records_deleted_total", "Records taken out of files' trees of extents."},
    {"bmbt", 3, "xfs_block_map_btree_records_inserted_total", "Records put into files' trees of extents."},
    {"blk_map", 7, "xfs_block_mapping_extent_list_compares_total", "Comparisons in files' lists of extents."},
    {"blk_map", 5, "xfs_block_mapping_extent_list_deletions_total", "Extents taken out of files' lists."},
    {"blk_map", 4, "xfs_block_mapping_extent_list_insertions_total", "Extents put into files' lists."},
    {"blk_map", 6, "xfs_block_mapping_extent_list_lookups_total", "Searches in files' lists of extents."},
    {"blk_map", 1, "xfs_block_mapping_reads_total", "Mappings of file blocks asked for to read."},
    {"blk_map", 3, "xfs_block_mapping_unmaps_total", "File blocks unmapped, by call."},
    {"blk_map", 2, "xfs_block_mapping_writes_total", "Mappings of file blocks asked for to write."},
    {"dir", 2, "xfs_directory_operation_create_total", "Entries made in directories."},
    {"dir", 4, "xfs_directory_operation_getdents_total", "Calls that list a directory."},
    {"dir", 1, "xfs_directory_operation_lookup_total", "Names looked up that the cache of names did not know."},
    {"dir", 3, "xfs_directory_operation_remove_total", "Entries removed from directories."},
    {"extent_alloc", 2, "xfs_extent_allocation_blocks_allocated_total", "Blocks allocated."},
    {"extent_alloc", 4, "xfs_extent_allocation_blocks_freed_total", "Blocks freed."},
    {"extent_alloc", 1, "xfs_extent_allocation_extents_allocated_total", "Extents allocated."},
    {"extent_alloc", 3, "xfs_extent_allocation_extents_freed_total", "Extents freed."},
    {"ig", 1, "xfs_inode_operation_attempts_total", "Searches for an inode in the cache."},
    {"ig", 7, "xfs_inode_operation_attribute_changes_total", "Explicit changes of an inode's attributes."},
    {"ig", 5, "xfs_inode_operation_duplicates_total",
     "Inodes that were not added to the cache because another thread had done so."},
    {"ig", 2, "xfs_inode_operation_found_total", "Inodes found in the cache."},
    {"ig", 4, "xfs_inode_operation_missed_total", "Inodes not found in the cache and read."},
    {"ig", 6, "xfs_inode_operation_reclaims_total", "Inodes taken out of the cache to use their memory."},
    {"ig", 3, "xfs_inode_operation_recycled_total", "Inodes found in the cache that were about to be taken out."},
    {"rw", 2, "xfs_read_calls_total", "Reads of files."},
    {"vnodes", 1, "xfs_vnode_active_total", "Vnodes that are on no list of free ones."},
    {"vnodes", 2, "xfs_vnode_allocate_total", "Vnodes allocated."},
    {"vnodes", 3, "xfs_vnode_get_total", "Vnodes taken from the list of free ones."},
    {"vnodes", 4, "xfs_vnode_hold_total", "References taken to a vnode."},
    {"vnodes", 6, "xfs_vnode_reclaim_total", "Vnodes reclaimed."},
    {"vnodes", 5, "xfs_vnode_release_total", "References to a vnode given back."},
    {"vnodes", 7, "xfs_vnode_remove_total", "Vnodes removed."},
    {"rw", 1, "xfs_write_calls_total", "Writes to files."},
};
constexpr auto columns = columns_of<Xfs>(places);
constinit const Table<Xfs> table{{"xfs", "/sys/fs/xfs", keys, columns}};

}  // namespace

// ---- parse: text -> rows

Result<void> parse_xfs(std::string_view text, Xfs& out) {
  return parse_numbered_lines(text, "/sys/fs/xfs", places, out.numbers);
}
// ---- read: kernel -> text

namespace {

class XfsFileSystems final : public Collector {
 public:
  explicit XfsFileSystems(const Environment& environment) : devices_(environment, {.below = "fs/xfs"}) {}

  Result<void> collect(Page& page) override {
    auto& rows = page.sheet(table);
    if (const auto looked = or_lacking(devices_.look(), page); !looked) return looked;
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      if (!devices_.there(i)) continue;
      const auto text = devices_.read(i, {.place = 0, .name = "stats/stats", .ended = true});
      if (!text) return text.error();
      if (!*text) continue;  // it is no device, or is unmounted meanwhile
      auto& row = rows.next();
      row.device = devices_.name(i);
      if (const auto done = parse_xfs(**text, row); !done) return done;
    }
    return {};
  }

 private:
  DeviceFolder devices_;
};

constexpr const Layout* layouts[] = {&table};
constexpr std::string_view needs = "CONFIG_XFS_FS.";

}  // namespace

extern constinit const Entry xfs;
constinit const Entry xfs{"xfs", "XFS file systems.", true, Entry::Runs::fast, make<XfsFileSystems>, layouts, {},
                          needs};

}  // namespace vitald::filesystem
