// The system's clock: its time, zone and hardware.
#include "collectors/kernel/time.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_dir.hpp"
#include "collectors/base/kernel_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace vitald::kernel {
namespace {

constexpr std::string_view available_source = "available_clocksource", current_source = "current_clocksource";

// The kernel's own names are short and printable.
bool plausible(std::string_view name) {
  return name.size() < 32 && std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_clocksources(std::string_view available, std::string_view current, std::string_view device,
                                Sheet<Clocksource>& out) {
  const auto first = out.view().size();
  const auto row_of = [&](std::string_view name) -> Clocksource& {
    for (auto& row : out.view().subspan(first))
      if (row.clocksource == name) return row;
    auto& row = out.next();
    row.clocksource = name;
    row.device = device;
    return row;
  };
  for (auto rest = scan::take_line(available); !rest.empty();) {
    const auto name = scan::take_word(rest);
    if (name.empty()) break;
    if (!plausible(name)) return Fault{Parse::unknown_layout, available_source, 1};
    row_of(name).available = true;
  }
  if (out.view().size() == first) return Fault{Parse::empty, available_source};
  auto rest = scan::take_line(current);
  const auto name = scan::take_word(rest);
  if (name.empty()) return Fault{Parse::empty, current_source};
  if (!plausible(name) || !scan::take_word(rest).empty()) return Fault{Parse::unknown_layout, current_source, 1};
  row_of(name).current = true;
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

struct Clock {
  double seconds = 0;
  std::int64_t offset = 0;
  Text time_zone;
};

constexpr Key zone_keys[] = {key<&Clock::time_zone>("time_zone")};
constexpr Column clock_columns[] = {
    gauge<&Clock::seconds>("time_seconds", "The system's time, in seconds since 1970."),
    with_keys(gauge<&Clock::offset>("time_zone_offset_seconds", "The local time zone's distance from UTC."), zone_keys),
};
constinit const Table<Clock> clock_table{{"time", "clock_gettime(2)", {}, clock_columns}};

constexpr Key source_keys[] = {key<&Clocksource::clocksource>("clocksource"), key<&Clocksource::device>("device")};
constexpr Column source_columns[] = {
    info_if<&Clocksource::available>("time_clocksource_available_info", "Clocks that the kernel could use."),
    info_if<&Clocksource::current>("time_clocksource_current_info", "The clock that the kernel uses."),
};
constinit const Table<Clocksource> source_table{
    {"clocksources", "/sys/devices/system/clocksource", source_keys, source_columns}};

// ---- read: kernel -> text

struct Device {
  std::string name, number;
  KernelFile available, current;
};

class Time final : public Collector {
 public:
  explicit Time(const Environment& environment)
      : folder_(environment.roots.sys + "/devices/system/clocksource"),
        events_(environment.sources.uevents().watch("clocksource")) {
    // The zone (TZ, or /etc/localtime) is read here, once, as the peer does: localtime_r(3), unlike localtime(3), never
    // looks at the file again, so that no scrape waits for it.
    ::tzset();
    zone_known_ = knows_zone(std::getenv("TZ"));
  }

  Result<void> collect(Page& page) override {
    if (!read_clock(page.sheet(clock_table).next())) return system_fault("clock_gettime");
    if (const auto found = find_devices(); !found) return found;
    for (auto& device : devices_) {
      const auto available = device.available.read(), current = device.current.read();
      if (!available) return available.error();
      if (!current) return current.error();
      const auto parsed = parse_clocksources(*available, *current, device.number, page.sheet(source_table));
      if (!parsed) return parsed;
    }
    return {};
  }

 private:
  // TZ is the name of a file, if anything; what is none is UTC, as at the peer. (The C library would take it for a
  // rule, and show "Europe" of a "Europe/Berlin" that is not installed.)
  static bool knows_zone(const char* given) {
    std::string_view zone = given ? given : "";
    if (zone.starts_with(':')) zone.remove_prefix(1);
    if (zone.empty()) return true;
    const auto path = std::string(zone.starts_with('/') ? "" : "/usr/share/zoneinfo/").append(zone);
    return ::access(path.c_str(), R_OK) == 0;
  }

  bool read_clock(Clock& row) const {
    timespec now;
    tm local;
    const auto broken_down = zone_known_ ? ::localtime_r : ::gmtime_r;
    if (::clock_gettime(CLOCK_REALTIME, &now) != 0 || !broken_down(&now.tv_sec, &local)) return false;
    row.seconds = static_cast<double>(now.tv_sec * 1'000'000'000 + now.tv_nsec) / 1e9;
    row.offset = local.tm_gmtoff;
    row.time_zone = std::string_view(zone_known_ ? local.tm_zone : "UTC");
    return true;
  }

  // No folder of clocksources (a container without /sys) is no fault.
  Result<void> find_devices() {
    if (events_.news() == Uevents::News::none && folder_.live()) return {};
    const auto names = folder_.list();
    if (!names && state_of(names.error()) != State::absent) return names.error();
    std::size_t count = 0;
    bool same = true;
    if (names)
      for (const auto name : *names)
        if (is_device(name)) {
          same = same && count < devices_.size() && devices_[count].name == name;
          ++count;
        }
    if (same && count == devices_.size()) return {};
    devices_.clear();
    if (names)
      for (const auto name : *names)
        if (is_device(name)) add(std::string(name));
    return {};
  }

  static bool is_device(std::string_view name) {
    constexpr std::string_view prefix = "clocksource";
    return name.starts_with(prefix) && name.size() > prefix.size() && name[prefix.size()] >= '0' &&
           name[prefix.size()] <= '9';
  }

  // A device's number is its place in the order of names, not the number in its name: so the peer has it.
  void add(std::string name) {
    const auto below = folder_.path() + "/" + name + "/";
    KernelFile available(below + "available_clocksource", KernelFile::Holds::value);
    KernelFile current(below + "current_clocksource", KernelFile::Holds::value);
    devices_.push_back({std::move(name), std::to_string(devices_.size()), std::move(available), std::move(current)});
  }

  KernelDir folder_;
  Uevents::Watch events_;
  std::vector<Device> devices_;
  bool zone_known_ = true;
};

constexpr const Layout* layouts[] = {&clock_table, &source_table};

}  // namespace

extern constinit const Entry time;
constinit const Entry time{"time", "Time, time zone and clocks.", true, Entry::Runs::fast, make<Time>, layouts};

}  // namespace vitald::kernel
