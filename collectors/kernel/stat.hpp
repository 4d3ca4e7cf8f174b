#pragma once
#include "collectors/base/page.hpp"

namespace vitald::kernel {

struct Activity {
  std::uint64_t boot_time = 0, context_switches = 0, forks = 0, interrupts = 0;
  std::optional<std::uint64_t> blocked, running;
};

struct SoftInterrupt {
  Text vector;
  std::uint64_t handled = 0;
};

// proc_stat(5) without its lines on processors, which are the cpu collector's.
Result<void> parse_stat(std::string_view text, Sheet<Activity>& out);
// No rows where there is no line of them.
Result<void> parse_softirqs(std::string_view text, Sheet<SoftInterrupt>& out);

}  // namespace vitald::kernel
