#include "collectors/service/units.hpp"

#include <algorithm>

namespace vitald::service {
namespace {

constexpr std::string_view step = "systemd: ListUnits";
constexpr std::size_t most_units = 16384;  // some 6 MiB of memory, and as many calls or more
constexpr std::size_t most_states = 32;

struct State {
  std::string_view name;
  std::uint8_t Unit::*member;
};
// These are told for every unit, and counted where there is none. There are others ("reloading"): counted where they
// are.
constexpr State known_states[] = {
    {"activating", &Unit::activating}, {"active", &Unit::active},     {"deactivating", &Unit::deactivating},
    {"failed", &Unit::failed},         {"inactive", &Unit::inactive},
};

bool count(std::string_view state, Sheet<UnitsInState>& states) {
  const auto rows = states.view();
  auto at = std::ranges::find_if(rows, [&](const UnitsInState& each) { return each.state == state; });
  if (at == rows.end() && rows.size() == most_states) return false;
  auto& row = at == rows.end() ? states.next() : *at;
  row.state = state;
  ++row.units;
  return true;
}

Fault not_understood() { return {Parse::unknown_layout, step}; }

}  // namespace

Result<void> Units::take(const SdBus& library, sd_bus_message* answer, Sheet<UnitsInState>& states,
                         Sheet<Unit>& units) {
  kept_.clear();
  for (const auto& each : known_states) states.next().state = each.name;
  if (library.message_enter_container(answer, 'a', "(ssssssouso)") < 0) return not_understood();
  for (;;) {
    const char *name, *about, *load, *active, *sub, *follows, *path, *job_type, *job_path;
    std::uint32_t job;
    const int read = library.message_read(answer, "(ssssssouso)", &name, &about, &load, &active, &sub, &follows, &path,
                                          &job, &job_type, &job_path);
    if (read < 0) return not_understood();
    if (read == 0) break;
    if (!count(active, states)) return Fault{Parse::too_large, step};
    const std::string_view called = name;
    if (std::string_view(load) != "loaded" || !include_.found_in(called) || exclude_.found_in(called)) continue;
    if (kept_.size() == most_units) return Fault{Parse::too_large, step};
    kept_.push_back({called, path, active});
  }
  std::ranges::sort(kept_, {}, &Listed::name);
  for (const auto& each : kept_) {
    auto& row = units.next();
    row.name = each.name;
    row.path = each.path;
    for (const auto& state : known_states) row.*state.member = each.state == state.name;
  }
  kept_.clear();  // their texts are the message's
  return {};
}

}  // namespace vitald::service
