#pragma once
// The mounts that are shown, worked out anew only when the kernel's table has changed.
#include "collectors/base/filter.hpp"
#include "collectors/base/mountinfo.hpp"
#include "collectors/filesystem/places.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vitald::filesystem {

struct Mount {
  std::string device, point, type, major, minor;
  bool read_only = false;
  bool shows_numbers = true;  // false where an earlier mount has the same device, numbers and mount point
  std::size_t place = 0;
};

// What a mount point is called in labels: without the root's path, and with blanks unescaped.
std::string label_of(std::string_view point, std::string_view rootfs);
// Where to ask for what has that label.
std::string path_of(std::string_view label, std::string_view rootfs);

class Mounts {
 public:
  Mounts(const Options& options, std::string rootfs);
  // Takes over the listed table and our own one (empty: not known), which is of this process's mount name space.
  void fill(const std::vector<MountLine>& listed, const std::vector<MountLine>& own, Places& places);
  const std::vector<Mount>& all() const { return mounts_; }
  bool is_root() const { return rootfs_ == "/"; }

 private:
  bool keeps(std::string_view label, std::string_view type) const;
  bool is_first(Mount& mount) const;

  std::string rootfs_;
  Filter points_, types_;
  std::vector<Mount> mounts_;
};

}  // namespace vitald::filesystem
