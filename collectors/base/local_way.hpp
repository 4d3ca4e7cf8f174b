#pragma once
// Where this process can go without a risk: where all mounts on the way read nothing but memory and local disks.
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/mountinfo.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vitald {

// Looks into our own table of mounts, which is read anew when the kernel says that it has changed. That is to be
// trusted, since it is the table of the name space in which we ask.
class LocalWay {
 public:
  explicit LocalWay(std::string table = "/proc/self/mountinfo") : table_(std::move(table)) {}
  ~LocalWay();
  LocalWay(const LocalWay&) = delete;
  LocalWay& operator=(const LocalWay&) = delete;

  // True when the table is another than at the last call.
  bool changed();
  // Whether no mount at, above or below the path can hang. Who goes there must follow no links.
  bool is_around(std::string_view path) const;

 private:
  bool told_of_change();

  KernelFile table_;
  std::string text_;  // what lines_ looks into
  std::vector<MountLine> lines_;
  int watch_ = -1;
};

}  // namespace vitald
