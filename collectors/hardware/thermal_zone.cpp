// Temperatures and coolers that the kernel's thermal framework knows, from
// /sys/class/thermal.
#include "collectors/base/devices.hpp"

namespace vitald::hardware {
namespace {

struct Zone {
  Text name, type;
  double celsius = 0;  // of a zone that has no answer, too: so the peer has it
  std::string_view number() const { return name.view().substr(zone_prefix.size()); }
  static constexpr std::string_view zone_prefix = "thermal_zone";
};

struct Cooler {
  Text name, type;
  std::optional<std::int64_t> current, most;
  std::string_view number() const { return name.view().substr(cooler_prefix.size()); }
  static constexpr std::string_view cooler_prefix = "cooling_device";
};

// ---- parse: files -> rows

// The kernel's own names: no driver's remarks.
bool printable(std::string_view text, Text& out) {
  out = text;
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

constexpr Attribute zone_attributes[] = {converted<&Zone::type, printable>("type").required().once().even_empty(),
                                         number<&Zone::celsius>("temp", 1000)};
constexpr Attribute cooler_attributes[] = {converted<&Cooler::type, printable>("type").required().once().even_empty(),
                                           number<&Cooler::current>("cur_state"), number<&Cooler::most>("max_state")};

// ---- describe: rows -> families, JSON, handbook

// The number in the folder's name.
template <class Row>
std::string_view number_of(const void* row) {
  return static_cast<const Row*>(row)->number();
}

constexpr Key zone_keys[] = {key<&Zone::type>("type"), {"zone", &number_of<Zone>}};
constexpr Column zone_columns[] = {
    gauge<&Zone::celsius>(peer_name("thermal_zone_temp"), "The zone's temperature in degrees Celsius.", {}, "celsius")};
constinit const Table<Zone> zones{{"thermal_zones", "/sys/class/thermal", zone_keys, zone_columns}};

constexpr Key cooler_keys[] = {{"name", &number_of<Cooler>}, key<&Cooler::type>("type")};
constexpr Column cooler_columns[] = {
    gauge<&Cooler::current>("cooling_device_cur_state", "How hard the cooler works.", {}, "current_state"),
    gauge<&Cooler::most>("cooling_device_max_state", "How hard the cooler can work.", {}, "most_state"),
};
constinit const Table<Cooler> coolers{{"cooling_devices", "/sys/class/thermal", cooler_keys, cooler_columns}};

// ---- read: kernel -> files

DeviceFolder::Where below_thermal(std::string_view prefix) {
  return {.below = "class/thermal", .subsystem = "thermal", .keeps = [prefix](std::string_view name) {
            return name.starts_with(prefix) && name.size() > prefix.size() && name[prefix.size()] >= '0' &&
                   name[prefix.size()] <= '9';
          }};
}

class ThermalZones final : public Collector {
 public:
  explicit ThermalZones(const Environment& environment)
      : zones_(environment, below_thermal(Zone::zone_prefix), &Zone::name, zone_attributes),
        coolers_(environment, below_thermal(Cooler::cooler_prefix), &Cooler::name, cooler_attributes) {}

  // No such class is no fault: few virtual machines have it.
  Result<void> collect(Page& page) override {
    for (const auto& done : {zones_.collect(page.sheet(zones)), coolers_.collect(page.sheet(coolers))})
      if (!done && state_of(done.error()) != State::absent) return done;
    return {};
  }

 private:
  Devices<Zone> zones_;
  Devices<Cooler> coolers_;
};

constexpr const Layout* layouts[] = {&zones, &coolers};

}  // namespace

extern constinit const Entry thermal_zone;
constinit const Entry thermal_zone{"thermal_zone",
                                   "Thermal zones and coolers.",
                                   true,
                                   Entry::Runs::slow,
                                   make<ThermalZones>,
                                   layouts,
                                   {},
                                   "CONFIG_THERMAL, and drivers for the sensors."};

}  // namespace vitald::hardware
