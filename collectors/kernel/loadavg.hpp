#pragma once
#include "collectors/base/page.hpp"

namespace vitald::kernel {

struct Load {  // runnable and uninterruptible tasks, averaged over minutes
  double one = 0, five = 0, fifteen = 0;
};

Result<void> parse_loadavg(std::string_view text, Sheet<Load>& out);  // proc_loadavg(5)

}  // namespace vitald::kernel
