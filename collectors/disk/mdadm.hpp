#pragma once
#include "collectors/base/page.hpp"

namespace vitald::disk {

struct Array {  // of /proc/mdstat
  Text device;
  std::optional<std::uint64_t> blocks, blocks_synced;  // KiB
  std::uint64_t disks_active = 0, disks_failed = 0, disks_spare = 0, disks_required = 0;
  std::uint64_t active = 0, check = 0, inactive = 0, recovering = 0, resync = 0;  // 1: in that state
};

Result<void> parse_mdstat(std::string_view text, Sheet<Array>& out);

}  // namespace vitald::disk
