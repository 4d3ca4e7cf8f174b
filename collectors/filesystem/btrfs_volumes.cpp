#include "collectors/filesystem/btrfs_volumes.hpp"

#include "collectors/filesystem/mounts.hpp"

#include <algorithm>

namespace vitald::filesystem {

Volumes::Volumes(const std::string& proc, std::string rootfs, AskVolume ask, std::string own)
    : of_first_(proc + "/1/mountinfo"),
      of_self_(proc + "/self/mountinfo"),
      own_file_(std::move(own)),
      rootfs_(std::move(rootfs)),
      ask_(ask) {}

bool Volumes::look() {
  auto text = of_first_.read();
  if (!text) text = of_self_.read();
  const auto own = own_file_.read();
  const auto listed_text = text ? *text : std::string_view{}, own_text = own ? *own : std::string_view{};
  if (listed_text == text_ && own_text == own_text_) return false;
  text_.assign(listed_text);
  own_text_.assign(own_text);
  return true;
}

void Volumes::find_places() {
  places_.clear();
  if (!parse_mountinfo(text_, listed_) || !parse_mountinfo(own_text_, own_)) return;
  // A container's own root may stand on anything; this program was read from it.
  std::erase_if(own_, [](const MountLine& line) { return line.point == "/" && line.type == "overlay"; });
  for (const auto& line : listed_) {
    if (line.type != "btrfs") continue;
    Place place{std::string(line.device), path_of(label_of(line.point, rootfs_), rootfs_)};
    const bool ours = std::ranges::any_of(own_, [&](const MountLine& mount) {
      return mount.type == "btrfs" && label_of(mount.point, "/") == place.path;
    });
    if (ours && way_is_local(place.path, own_)) places_.push_back(std::move(place));
  }
}

void Volumes::ask_all() {
  if (look()) find_places();
  count_ = 0;
  std::string_view answered;  // file systems have many mounts, and those of one mostly follow each other
  for (const auto& place : places_) {
    if (place.device == answered) continue;
    if (count_ == volumes_.size()) volumes_.emplace_back();
    auto& volume = volumes_[count_];
    if (!ask_(place.path.c_str(), volume)) continue;
    answered = place.device;
    if (!of(volume.fsid)) ++count_;
  }
}

const Volume* Volumes::of(std::string_view fsid) const {
  for (std::size_t i = 0; i < count_; ++i)
    if (volumes_[i].fsid == fsid) return &volumes_[i];
  return nullptr;
}

}  // namespace vitald::filesystem
