// Batteries, chargers and mains, from /sys/class/power_supply.
#include "collectors/base/devices.hpp"
#include "collectors/base/filter.hpp"
#include "collectors/hardware/powersupply_tables.hpp"

namespace vitald::hardware {
namespace {

constexpr Option options[] = {
    {"collector.powersupply.ignored-supplies", Option::Kind::regexp, "^$", "Regexp of power supplies to leave out."}};

constinit const Table<Supply> table{{"power_supplies", "/sys/class/power_supply", supply_keys, supply_columns}};

class PowerSupplies final : public Collector {
 public:
  explicit PowerSupplies(const Environment& environment)
      : ignored_(even_if_empty(environment.options.text(options[0].flag))),
        supplies_(environment, where(), &Supply::name, supply_attributes) {}
  Result<void> collect(Page& page) override { return supplies_.collect(page.sheet(table)); }

 private:
  DeviceFolder::Where where() const {
    return {.below = "class/power_supply", .subsystem = "power_supply", .keeps = [this](std::string_view name) {
              return !ignored_.found_in(name);
            }};
  }

  Pattern ignored_;
  Devices<Supply> supplies_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry powersupplyclass;
constinit const Entry powersupplyclass{"powersupplyclass",
                                       "Batteries, chargers and mains.",
                                       true,
                                       Entry::Runs::slow,
                                       make<PowerSupplies>,
                                       layouts,
                                       options,
                                       "CONFIG_POWER_SUPPLY, and a battery or a charger."};

}  // namespace vitald::hardware
