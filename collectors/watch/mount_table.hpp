#pragma once
// Where what lies on other hosts, or is answered by other programs, is mounted: nobody goes there who may not wait.
#include "collectors/base/kernel_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vitald::watch {

// Whether a file system of this type is watched by the kernel only where we change it ourselves, or may hang.
bool is_foreign(std::string_view type);

class MountTable {
 public:
  explicit MountTable(const std::string& table = "/proc/self/mountinfo");
  ~MountTable();
  MountTable(const MountTable&) = delete;
  MountTable& operator=(const MountTable&) = delete;

  void read();
  int fd() const { return fd_; }  // poll(2) tells by POLLPRI of a change; -1: nobody does
  bool is_local(const std::string& path) const;

 private:
  struct Mount {
    std::string point;
    bool foreign;
  };
  KernelFile file_;
  std::vector<Mount> mounts_;
  int fd_;
};

}  // namespace vitald::watch
