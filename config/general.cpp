#include "config/general.hpp"

#include "config/address.hpp"
#include "config/alike.hpp"

namespace vitald::config {
namespace {

using enum Option::Kind;

// ---- checks
std::string_view not_empty(std::string_view value) {
  return value.empty() ? std::string_view("it must not be empty") : std::string_view{};
}

std::string_view page_path(std::string_view value) {
  if (!value.starts_with('/')) return "it must begin with a slash";
  for (const char c : value)
    if (c <= ' ' || c > '~' || c == '?' || c == '#' || c == '%' || c == '*')
      return "it must be a plain path, without blanks and ?#%*";
  const bool ours = value.starts_with("/-/") || value.starts_with("/api/");
  return ours ? std::string_view("the daemon's own pages are there: /-/… and /api/…") : std::string_view{};
}

std::string_view level(std::string_view value) {
  const auto is_it = [&](std::string_view name) { return alike(value, name); };  // as the peer: INFO is info
  const bool known = is_it("debug") || is_it("info") || is_it("warn") || is_it("error");
  return known ? std::string_view{} : std::string_view("it must be debug, info, warn or error");
}

std::string_view format(std::string_view value) {
  return value == "logfmt" || value == "json" ? std::string_view{} : std::string_view("it must be logfmt or json");
}

constexpr std::string_view configuration = "Configuration", web = "Web", log = "Log", paths = "Paths",
                           collectors = "Collectors";

constexpr Option general_table[] = {
    {.flag = "help", .kind = boolean, .initial = "false", .help = "Show this text and exit.", .flag_only = true},
    {.flag = "version", .kind = boolean, .initial = "false", .help = "Show the version and exit.", .flag_only = true},
    {.flag = "runtime.gomaxprocs",
     .kind = integer,
     .initial = "1",
     .help = "Accepted for old command lines, without effect.",
     .support = Option::Support::no_effect},
    {.flag = "config.file",
     .initial = "",
     .help = "Settings from this YAML file, then from conf.d/*.yaml beside it. A flag goes before them.",
     .group = configuration,
     .reload = false,
     .flag_only = true,
     .is_path = true},
    {.flag = "check-config",
     .kind = boolean,
     .initial = "false",
     .help = "Tell all faults of flags and files and exit: with 0 when there are none, else with 78.",
     .group = configuration,
     .flag_only = true},
    {.flag = "print-config",
     .kind = boolean,
     .initial = "false",
     .help = "Show every setting as it counts, and where it comes from, and exit.",
     .group = configuration,
     .flag_only = true},
    {.flag = "web.listen-address",
     .initial = ":9100",
     .help = "Where to listen: [HOST]:PORT, unix:/PATH, vsock://:PORT or none. May be repeated.",
     .repeatable = true,
     .check = fault_of_place,
     .group = web},
    {.flag = "web.telemetry-path",
     .initial = "/metrics",
     .help = "Path of the metrics.",
     .check = page_path,
     .group = web,
     .reload = false},
    {.flag = "web.freshness",
     .kind = duration,
     .initial = "100ms",
     .help = "Requests that come within this time of a reading share it. 0: each has its own.",
     .at_least = 0,
     .group = web},
    {.flag = "web.disable-exporter-metrics",
     .kind = boolean,
     .initial = "false",
     .help = "Leave out the metrics about the daemon itself (process_*).",
     .group = web},
    {.flag = "web.max-requests",
     .kind = integer,
     .initial = "40",
     .help = "Accepted for old command lines, without effect: requests share one reading.",
     .group = web,
     .support = Option::Support::no_effect},
    {.flag = "web.config.file",
     .initial = "",
     .help = "The exporters' web configuration file: TLS, passwords, fields of replies, a rate.",
     .group = web,
     .reload = false,
     .is_path = true},
    {.flag = "web.systemd-socket",
     .kind = boolean,
     .initial = "false",
     .help = "Listen on the sockets that systemd passes, and not on web.listen-address.",
     .group = web,
     .reload = false},
    {.flag = "log.level",
     .initial = "info",
     .help = "The least that is logged: debug, info, warn or error.",
     .check = level,
     .group = log},
    {.flag = "log.format",
     .initial = "logfmt",
     .help = "How a line of the log is written: logfmt or json.",
     .check = format,
     .group = log,
     .reload = false},
    {.flag = "path.procfs",
     .initial = "/proc",
     .help = "Where the host's proc file system is mounted.",
     .check = not_empty,
     .group = paths,
     .is_path = true},
    {.flag = "path.sysfs",
     .initial = "/sys",
     .help = "Where the host's sys file system is mounted.",
     .check = not_empty,
     .group = paths,
     .is_path = true},
    {.flag = "path.rootfs",
     .initial = "/",
     .help = "Where the host's root is mounted; it is cut from the mount points shown.",
     .group = paths,
     .is_path = true},
    {.flag = "path.udev.data",
     .initial = "/run/udev/data",
     .help = "Where udev keeps its database.",
     .group = paths,
     .is_path = true},
    {.flag = "collector.disable-defaults",
     .kind = boolean,
     .initial = "false",
     .help = "Start from no collectors: only those asked for by flag are on.",
     .group = collectors},
    {.flag = "collector.deadline",
     .kind = duration,
     .initial = "5s",
     .help = "A collector that takes longer is left out of the scrape.",
     .at_least = 1'000'000,
     .group = collectors},
};

}  // namespace

std::span<const Option> general_options() { return general_table; }

}  // namespace vitald::config
