#pragma once
// Whether the kernel's table of mounts may say something new, without reading it: it is the dear part of a scrape.
//
// Mounts that come, go or are remounted are told by poll(2) on the table (proc_pid_mountinfo(5)). A file system that
// becomes read-only by another mount or by an error is told by statfs(2), which is asked anyway. Only ext4 since Linux
// 6.14 does that without either (emergency_ro); it counts its errors in /sys/fs/ext4/DISK/errors_count.
#include "collectors/base/kernel_file.hpp"
#include "collectors/filesystem/mounts.hpp"

#include <string>
#include <vector>

namespace vitald::filesystem {

class TableWatch {
 public:
  explicit TableWatch(std::string sys) : sys_(std::move(sys)) {}

  void begin(const KernelFile& table, const std::vector<Mount>& mounts);  // the table was read, and is another one
  void begin_again();                                                     // it was read, and is the same
  // Nothing has told of a change since. Never where events are not to be trusted: copies, old or unknown kernels.
  bool quiet(const KernelFile& table);

  void keep_modes(const std::vector<Mount>& mounts, const Places& places);  // asked right after the table was read
  bool same_modes(const std::vector<Mount>& mounts, const Places& places) const;

 private:
  struct Errors {
    KernelFile file;
    std::string said;
  };
  bool add_errors_of(const Mount& mount);
  static bool same(Errors& errors);

  std::string sys_;
  std::vector<Errors> errors_;
  std::vector<bool> modes_;
  bool trusted_ = false;
};

}  // namespace vitald::filesystem
