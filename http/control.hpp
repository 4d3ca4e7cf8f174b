#pragma once
// What the daemon tells of itself and does when it is asked to. The daemon implements it; the loop's thread only.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::http {

struct DaemonStatus {
  std::string_view version, revision;
  std::int64_t pid = 0;
  double started_at_seconds = 0;  // Unix time
  bool ready = false;
  std::vector<std::string> listeners;

  struct Configuration {
    std::uint64_t generation = 1;  // the start's, and one more for each reload that took effect
    std::vector<std::string> files;
    double loaded_at_seconds = 0;             // when it took effect, in Unix time
    std::string error;                        // why the last reload did not; empty: it did, or there was none
    std::vector<std::string> need_a_restart;  // settings that have changed since the start and wait for one
  } configuration;

  std::uint64_t readings = 0;
  std::size_t readers_left_behind = 0, collector_sets = 1, probes_abandoned = 0, connections = 0;
};

class Control {
 public:
  virtual ~Control() = default;
  virtual DaemonStatus status() const = 0;
  // Loads the configuration anew; `done` is told why it did not take effect, or nothing. Never before this returns.
  virtual void reload(std::function<void(const std::string& why)> done) = 0;
};

}  // namespace vitald::http
