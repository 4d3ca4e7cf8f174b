#include "config/process_options.hpp"

#include "collectors/base/duration.hpp"
#include "config/address.hpp"
#include "config/capabilities.hpp"

namespace vitald::config {
namespace {

using enum Option::Kind;

std::string_view target(std::string_view value) {
  const bool known = value == "auto" || value == "stderr" || value == "journal" || value == "syslog";
  return known ? std::string_view{} : std::string_view("it must be auto, stderr, journal or syslog");
}

std::string_view capability(std::string_view value) {
  return capability_number(value) ? std::string_view{}
                                  : std::string_view("it is no capability, such as CAP_DAC_READ_SEARCH");
}

constexpr std::string_view process_group = "Process", log_group = "Log";

constexpr std::string_view processes = "Processes";

constexpr Option table[] = {
    {.flag = "process.listen-address",
     .initial = "",
     .help =
         "Show the groups of --process.config.file, and nothing else, there as well: [HOST]:PORT and the like. May be "
         "repeated.",
     .repeatable = true,
     .check = fault_of_address,
     .group = processes,
     .reload = false},
    {.flag = "process.secrets",
     .kind = regexp,
     .initial = "(?i)passw|passphrase|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|"
                "authorization|^pass$|[-_.]pass$|[-_.]pwd$",
     .help = "Of which names the values are masked in processes' arguments and environments; empty: none.",
     .group = processes},
    {.flag = "daemon",
     .kind = boolean,
     .initial = "false",
     .help = "Leave the terminal; exit 0 once the daemon serves, else say why not.",
     .excludes = "web.systemd-socket",
     .group = process_group,
     .reload = false},
    {.flag = "pid-file",
     .initial = "",
     .help = "Write the process's number there, and hold a lock on it: a second daemon does not start.",
     .group = process_group,
     .reload = false,
     .is_path = true},
    {.flag = "user",
     .initial = "",
     .help = "Started by root, go on as this user, once ports, pid file and log are open.",
     .group = process_group,
     .reload = false},
    {.flag = "keep-capability",
     .initial = "",
     .help = "With --user, a capability to keep, such as CAP_DAC_READ_SEARCH. May be repeated.",
     .repeatable = true,
     .check = capability,
     .group = process_group,
     .reload = false},
    {.flag = "drain-timeout",
     .kind = duration,
     .initial = "2s",
     .help = "When told to end, how long answers in progress may take. A second signal ends at once.",
     .at_least = 0,
     .group = process_group},
    {.flag = "log.file",
     .initial = "",
     .help = "Append the log to this file; moved away, or at SIGUSR1, it is opened anew.",
     .excludes = "log.target",
     .group = log_group,
     .reload = false,
     .is_path = true},
    {.flag = "log.target",
     .initial = "auto",
     .help = "Where the log goes: stderr, journal, syslog, or auto: the journal when systemd started it, syslog "
             "with --daemon, else stderr.",
     .check = target,
     .group = log_group,
     .reload = false},
};

LogTo log_to(std::string_view name) {
  if (name == "stderr") return LogTo::standard_error;
  if (name == "journal") return LogTo::journal;
  return name == "syslog" ? LogTo::syslog : LogTo::chosen;
}

}  // namespace

std::span<const Option> process_options() { return table; }

ProcessSettings process_settings(const Options& options) {
  return {options.on("daemon"),
          options.text("pid-file"),
          options.text("log.file"),
          options.text("user"),
          log_to(options.text("log.target")),
          options.values("keep-capability"),
          parse_duration(options.text("drain-timeout")).value_or(std::chrono::seconds(2))};
}

std::vector<std::string> process_contradictions(const Options& options) {
  std::vector<std::string> all;
  if (options.on("help") || options.on("version")) return all;
  if (options.on("daemon") && options.text("log.target") == "stderr")
    all.emplace_back("--daemon and --log.target=stderr exclude each other: a daemon leaves the terminal");
  if (!options.values("keep-capability").empty() && options.text("user").empty())
    all.emplace_back("--keep-capability needs --user");
  if (!options.values("process.listen-address").empty() && options.text("process.config.file").empty())
    all.emplace_back("--process.listen-address needs groups to show: --process.config.file");
  if (options.text("web.listen-address") == "none" && options.values("process.listen-address").empty())
    all.emplace_back("--web.listen-address=none is for those who listen at --process.listen-address");
  return all;
}

}  // namespace vitald::config
