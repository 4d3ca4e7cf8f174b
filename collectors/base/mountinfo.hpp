#pragma once
// The kernel's table of mounts, and which of them can be asked without a risk.
#include "collectors/base/result.hpp"

#include <string_view>
#include <vector>

namespace vitald {

struct MountLine {  // views of the text; what the kernel escaped (\040) is left as it is
  std::string_view major, minor, point, type, device;
  bool read_only = false;
};

Result<void> parse_mountinfo(std::string_view text, std::vector<MountLine>& out);  // proc_pid_mountinfo(5)

// Whether the way to `point` leads over mounts only whose types read nothing but memory and local disks: then nobody
// else's absence can hold up who goes there.
bool way_is_local(std::string_view point, const std::vector<MountLine>& table);
// The same also for every mount below it.
bool surroundings_are_local(std::string_view point, const std::vector<MountLine>& table);

}  // namespace vitald
