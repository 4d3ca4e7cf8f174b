#include "collectors/filesystem/mounts.hpp"

#include <algorithm>

namespace vitald::filesystem {
namespace {

// Ours must list the mount point too: then its path has no links that lead elsewhere.
bool can_hang(std::string_view point, const std::vector<MountLine>& listed, const std::vector<MountLine>& own) {
  const bool listed_in_own = std::ranges::find(own, point, &MountLine::point) != own.end();
  return !listed_in_own || !way_is_local(point, listed) || !way_is_local(point, own);
}

}  // namespace

std::string label_of(std::string_view point, std::string_view rootfs) {
  std::string label;
  while (!point.empty()) {
    const bool space = point.starts_with("\\040"), tab = point.starts_with("\\011");
    label += space ? ' ' : tab ? '\t' : point.front();
    point.remove_prefix(space || tab ? 4 : 1);
  }
  if (rootfs == "/") return label;
  if (label.starts_with(rootfs)) label.erase(0, rootfs.size());  // the peer cuts "/hostile" with "/host", too
  return label.empty() ? "/" : label;
}

std::string path_of(std::string_view label, std::string_view rootfs) {
  while (rootfs.ends_with('/')) rootfs.remove_suffix(1);
  while (label.starts_with('/')) label.remove_prefix(1);
  std::string path(rootfs);
  if (!label.empty() || path.empty()) path.append("/").append(label);
  return path;
}

Mounts::Mounts(const Options& options, std::string rootfs)
    : rootfs_(std::move(rootfs)),
      points_(options, "collector.filesystem.mount-points-include", "collector.filesystem.mount-points-exclude"),
      types_(options, "collector.filesystem.fs-types-include", "collector.filesystem.fs-types-exclude") {}

bool Mounts::keeps(std::string_view label, std::string_view type) const {
  return points_.keeps(label) && types_.keeps(type);
}

bool Mounts::is_first(Mount& mount) const {
  for (const auto& other : mounts_) {
    if (other.device != mount.device || other.point != mount.point) continue;
    if (other.type == mount.type) return false;
    if (other.major == mount.major && other.minor == mount.minor) mount.shows_numbers = false;
  }
  return true;
}

void Mounts::fill(const std::vector<MountLine>& listed, const std::vector<MountLine>& own, Places& places) {
  mounts_.clear();
  places.clear();
  for (const auto& line : listed) {
    auto label = label_of(line.point, rootfs_);
    if (!keeps(label, line.type)) continue;
    Mount mount{std::string(line.device), std::move(label),        std::string(line.type),
                std::string(line.major),  std::string(line.minor), line.read_only};
    if (!is_first(mount)) continue;
    const bool direct = is_root() && !can_hang(line.point, listed, own);
    mount.place = places.add(path_of(mount.point, rootfs_), direct);
    mounts_.push_back(std::move(mount));
  }
}

}  // namespace vitald::filesystem
