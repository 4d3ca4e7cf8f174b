#include "collectors/base/mountinfo.hpp"

#include "collectors/base/path.hpp"
#include "collectors/base/scan.hpp"

#include <algorithm>

namespace vitald {
namespace {

// Not here, since other programs, hosts or slow firmware answer for them: fuse and fuseblk, nfs, cifs, smb3, 9p, ceph,
// afs, zfs, autofs (it mounts when touched), overlay (it may stand on any of these), efivarfs.
constexpr std::string_view local_types[] = {
    "bcachefs", "btrfs", "cgroup",   "cgroup2",   "devpts",   "devtmpfs", "erofs", "exfat",  "ext2",  "ext3",   "ext4",
    "f2fs",     "hfs",   "hfsplus",  "hugetlbfs", "iso9660",  "jfs",      "minix", "mqueue", "msdos", "nilfs2", "ntfs3",
    "proc",     "ramfs", "reiserfs", "rootfs",    "squashfs", "sysfs",    "tmpfs", "udf",    "vfat",  "xfs"};
static_assert(std::ranges::is_sorted(local_types));

bool digits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

bool has_option(std::string_view options, std::string_view wanted) {
  while (!options.empty())
    if (scan::take_until(options, ',') == wanted) return true;
  return false;
}

// Fields are parted by exactly one space, because the device may be empty.
Result<void> parse_line(std::string_view line, MountLine& out, std::size_t number) {
  constexpr std::string_view step = "mountinfo";
  const auto id = scan::take_until(line, ' '), parent = scan::take_until(line, ' ');
  auto device_number = scan::take_until(line, ' ');
  out.major = scan::take_until(device_number, ':');
  out.minor = device_number;
  if (!digits(id) || !digits(parent) || !digits(out.major) || !digits(out.minor))
    return Fault{Parse::not_a_number, step, number};
  scan::take_until(line, ' ');  // the root within the file system
  out.point = scan::take_until(line, ' ');
  const auto options = scan::take_until(line, ' ');
  if (!out.point.starts_with('/') || options.empty()) return Fault{Parse::unknown_layout, step, number};
  while (!line.empty())  // optional fields, as many as the kernel likes
    if (scan::take_until(line, ' ') == "-") break;
  out.type = scan::take_until(line, ' ');
  if (out.type.empty() || line.find(' ') == line.npos) return Fault{Parse::truncated, step, number};
  out.device = scan::take_until(line, ' ');
  const auto of_super_block = scan::take_until(line, ' ');
  if (of_super_block.empty()) return Fault{Parse::truncated, step, number};
  out.read_only = has_option(options, "ro") || has_option(of_super_block, "ro") ||
                  has_option(of_super_block, "emergency_ro") || has_option(options, "emergency_ro");
  return {};
}

}  // namespace

Result<void> parse_mountinfo(std::string_view text, std::vector<MountLine>& out) {
  out.clear();
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (text.find('\n') == text.npos) return Fault{Parse::truncated, "mountinfo", number};
    const auto line = scan::take_line(text);
    if (line.find('\0') != line.npos) return Fault{Parse::unknown_layout, "mountinfo", number};
    const auto done = parse_line(line, out.emplace_back(), number);
    if (!done) return done;
  }
  return {};
}

bool way_is_local(std::string_view point, const std::vector<MountLine>& table) {
  return std::ranges::all_of(table, [&](const MountLine& line) {
    return !at_or_below(point, line.point) || std::ranges::binary_search(local_types, line.type);
  });
}

bool surroundings_are_local(std::string_view point, const std::vector<MountLine>& table) {
  const auto is_local = [](const MountLine& line) { return std::ranges::binary_search(local_types, line.type); };
  return way_is_local(point, table) && std::ranges::all_of(table, [&](const MountLine& line) {
           return !at_or_below(line.point, point) || is_local(line);
         });
}

}  // namespace vitald
