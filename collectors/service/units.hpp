#pragma once
// Units as systemd lists them, and what it tells of one.
#include "collectors/base/filter.hpp"
#include "collectors/base/page.hpp"
#include "collectors/service/sd_bus.hpp"

#include <optional>
#include <vector>

namespace vitald::service {

struct UnitsInState {
  Text state;
  std::uint64_t units = 0;
};

struct Unit {
  Text name, type, path;  // the path is of D-Bus
  std::uint8_t activating = 0, active = 0, deactivating = 0, failed = 0, inactive = 0;
  std::optional<std::uint32_t> restarts, accepted, connections, refused;
  std::optional<std::uint64_t> start, trigger;  // in microseconds since 1970
  std::optional<double> start_seconds, trigger_seconds;
  std::optional<std::uint64_t> tasks, most_tasks;
};

// Reads the answer to ListUnits: how many are in which state, and those that are loaded and whose names are kept, by
// name.
class Units {
 public:
  Units(const Pattern& include, const Pattern& exclude) : include_(include), exclude_(exclude) {}
  Result<void> take(const SdBus& library, sd_bus_message* answer, Sheet<UnitsInState>& states, Sheet<Unit>& units);

 private:
  struct Listed {
    std::string_view name, path, state;
  };

  const Pattern &include_, &exclude_;
  std::vector<Listed> kept_;
};

}  // namespace vitald::service
