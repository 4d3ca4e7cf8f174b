#pragma once
// The folders of ZFS's pools below /proc/spl/kstat/zfs.
#include "collectors/base/kernel_dir.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/filesystem/zfs.hpp"

namespace vitald::filesystem {

class Pools {
 public:
  struct Into {
    Sheet<PoolIo>& io;
    Sheet<PoolState>& states;
    Sheet<DatasetStat>& datasets;
  };

  // `names` is what is in the folder; its files are no pools and are passed over.
  Result<void> collect(const std::string& folder, std::span<const std::string_view> names, Into into);

 private:
  struct Pool {
    std::string name;
    KernelDir folder;
  };
  void find(const std::string& folder, std::span<const std::string_view> names);
  Result<void> collect(Pool& pool, Into& into);
  Result<void> read(const Pool& pool, std::string_view name, Into& into);

  std::vector<Pool> pools_;
  std::string names_, path_;
  KernelFile file_{{}};  // there may be thousands of datasets: none of their files is kept open
  Datasets datasets_;
};

}  // namespace vitald::filesystem
