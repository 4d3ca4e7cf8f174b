#pragma once
// The counters of bcachefs file systems: each file below counters/ is a family of its own.
#include "collectors/base/by_name.hpp"
#include "collectors/base/devices.hpp"
#include "collectors/filesystem/bcachefs_tables.hpp"

namespace vitald::filesystem {

class BcachefsCounters {
 public:
  explicit BcachefsCounters(const Environment& environment) : environment_(environment) {}
  void begin();
  Result<void> read(std::string_view uuid);      // of one file system
  void end(Sheet<bcachefs_rows::Counter>& out);  // those of one family stand together

 private:
  static constexpr std::size_t most = 1024;  // files of one file system
  struct Kept {
    KernelDir names;
    DeviceFolder folder;  // whose one device is counters/
  };
  Result<void> read(std::string_view uuid, DeviceFolder& folder, std::span<const std::string_view> names);

  Environment environment_;
  ByName<Kept> kept_;
  std::vector<bcachefs_rows::Counter> found_;  // the first used_ of them
  std::vector<std::size_t> order_;
  std::size_t used_ = 0;
};

}  // namespace vitald::filesystem
