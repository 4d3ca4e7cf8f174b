#pragma once
#include "collectors/base/numbered_lines.hpp"
#include "collectors/base/page.hpp"

namespace vitald::filesystem {

struct Xfs : Numbers<39> {
  Text device;
};

Result<void> parse_xfs(std::string_view text, Xfs& out);  // of /sys/fs/xfs/DEVICE/stats/stats

}  // namespace vitald::filesystem
