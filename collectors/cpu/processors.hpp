#pragma once
// Time by processor and mode, from /proc/stat.
#include "collectors/base/page.hpp"

#include <span>
#include <vector>

namespace vitald::cpu {

constexpr std::size_t most_processors = 16384;  // twice what the largest kernel is built for

struct Processor {  // seconds since the start; user and nice contain the guests' time
  Text cpu;
  std::uint32_t number = 0;
  double user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
  std::optional<double> guest_user, guest_nice;
};

Result<void> parse_processors(std::string_view text, Sheet<Processor>& out);  // proc_stat(5), lines cpuN

// The rule by which counters never go back: each mode keeps its highest value, except that a fall of idle by three
// seconds or more means that the processor was taken away and has come back, and all its modes start again.
void carry_on(const Processor& before, Processor& now);

// The rule for all processors, from one reading to the next. One that was gone starts again.
class Counters {
 public:
  void carry_on(std::span<Processor> now);
  // Before `carry_on`: whether the same processors run as at the last reading.
  bool same_processors(std::span<const Processor> now) const;

 private:
  std::vector<Processor> before_, spare_;
};

}  // namespace vitald::cpu
