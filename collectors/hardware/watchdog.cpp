// The machine's watchdogs, from /sys/class/watchdog.
#include "collectors/base/devices.hpp"

namespace vitald::hardware {
namespace {

struct Watchdog {
  Text name, identity, options, pretimeout_governor, state, status;
  std::optional<std::int64_t> access_cs0, bootstatus, fw_version, nowayout, pretimeout, timeleft, timeout;
};

// ---- parse: files -> rows

constexpr Attribute attributes[] = {
    text<&Watchdog::identity>("identity").once().or_nothing(),
    text<&Watchdog::options>("options").once().or_nothing(),
    text<&Watchdog::pretimeout_governor>("pretimeout_governor").or_nothing(),
    text<&Watchdog::state>("state").or_nothing(),
    text<&Watchdog::status>("status").or_nothing(),
    number<&Watchdog::access_cs0>("access_cs0"),
    number<&Watchdog::bootstatus>("bootstatus"),
    number<&Watchdog::fw_version>("fw_version"),
    number<&Watchdog::nowayout>("nowayout"),
    number<&Watchdog::pretimeout>("pretimeout"),
    number<&Watchdog::timeleft>("timeleft"),
    number<&Watchdog::timeout>("timeout"),
};

// ---- describe: rows -> families, JSON, handbook

constexpr Key name[] = {key<&Watchdog::name>("name")};
constexpr Key info_keys[] = {
    key<&Watchdog::identity>("identity"), key<&Watchdog::name>("name"),
    key<&Watchdog::options>("options"),   key<&Watchdog::pretimeout_governor>("pretimeout_governor"),
    key<&Watchdog::state>("state"),       key<&Watchdog::status>("status"),
};
constexpr Column columns[] = {
    gauge<&Watchdog::access_cs0>("watchdog_access_cs0", "Whether it boots from the second flash memory (1) or not."),
    gauge<&Watchdog::bootstatus>("watchdog_bootstatus", "Why the machine was started, as bits of the driver."),
    gauge<&Watchdog::fw_version>("watchdog_fw_version", "The version of its firmware."),
    with_keys(info("watchdog_info", "What the watchdog is, and whether it runs; always 1."), info_keys),
    gauge<&Watchdog::nowayout>("watchdog_nowayout", "Whether it cannot be stopped any more (1) or can (0)."),
    gauge<&Watchdog::pretimeout>("watchdog_pretimeout_seconds", "How long before the end it warns."),
    gauge<&Watchdog::timeleft>("watchdog_timeleft_seconds", "What is left until it restarts the machine."),
    gauge<&Watchdog::timeout>("watchdog_timeout_seconds", "How long it waits for a sign of life."),
};
constinit const Table<Watchdog> table{{"watchdogs", "/sys/class/watchdog", name, columns}};

// ---- read: kernel -> files

class Watchdogs final : public Collector {
 public:
  explicit Watchdogs(const Environment& environment)
      : devices_(environment, {"class/watchdog", "watchdog"}, &Watchdog::name, attributes) {}
  Result<void> collect(Page& page) override { return devices_.collect(page.sheet(table)); }

 private:
  Devices<Watchdog> devices_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry watchdog;
constinit const Entry watchdog{"watchdog",
                               "The machine's watchdogs.",
                               true,
                               Entry::Runs::fast,
                               make<Watchdogs>,
                               layouts,
                               {},
                               "CONFIG_WATCHDOG_SYSFS, and a driver."};

}  // namespace vitald::hardware
