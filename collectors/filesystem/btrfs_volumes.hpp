#pragma once
// Which mounted btrfs file systems can be asked for their devices, and their answers.
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/mountinfo.hpp"
#include "collectors/filesystem/btrfs_devices.hpp"

namespace vitald::filesystem {

class Volumes {
 public:
  Volumes(const std::string& proc, std::string rootfs, AskVolume ask, std::string own);
  // Asks each at one of its mount points. Only those are gone to that lie on local disks all the way: nothing else can
  // hold up who goes there.
  void ask_all();
  const Volume* of(std::string_view fsid) const;  // none: it could not be asked

 private:
  struct Place {
    std::string device, path;
  };
  bool look();  // false: the places are those of the last time
  void find_places();

  KernelFile of_first_, of_self_, own_file_;
  std::string rootfs_;
  AskVolume ask_;
  std::string text_, own_text_;  // what listed_ and own_ look into
  std::vector<MountLine> listed_, own_;
  std::vector<Place> places_;
  std::vector<Volume> volumes_;  // the first count_ of them
  std::size_t count_ = 0;
};

}  // namespace vitald::filesystem
