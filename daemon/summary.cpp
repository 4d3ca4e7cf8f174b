// What the daemon says of itself when SIGUSR2 asks, without entering a file.
#include "daemon/daemon.hpp"

#include <sys/resource.h>

#include <map>

namespace vitald {
namespace {

// "absent=7 ok=40", by name.
std::string by_state(const http::View& view) {
  std::map<std::string_view, unsigned> counts;
  for (const auto& reading : view.readings) ++counts[name_of(reading.state)];
  std::string all;
  for (const auto& [state, count] : counts)
    all.append(all.empty() ? "" : " ").append(state).append("=").append(std::to_string(count));
  return all;
}

}  // namespace

void Daemon::log_summary() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto cpu_ms =
      (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
  const char* const phases[] = {"starting", "serving", "draining", "stopped"};
  const auto now = status();
  log_.info("state", {{"phase", phases[static_cast<std::size_t>(life_.phase)]},
                      {"generation", std::to_string(now.configuration.generation)},
                      {"readings", std::to_string(now.readings)},
                      {"collectors", by_state(*readings_.latest())},
                      {"connections", std::to_string(now.connections)},
                      {"readers_left_behind", std::to_string(now.readers_left_behind)},
                      {"probes_abandoned", std::to_string(now.probes_abandoned)},
                      {"log_lines_lost", std::to_string(log_.lost())},
                      {"peak_memory_kib", std::to_string(used.ru_maxrss)},
                      {"cpu_ms", std::to_string(cpu_ms)}});
}

}  // namespace vitald
