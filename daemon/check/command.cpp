// The command: its words, and what it prints.
#include "config/loader.hpp"
#include "config/settings.hpp"
#include "daemon/check/check.hpp"
#include "daemon/group_rules.hpp"
#include "daemon/switches.hpp"

#include <sysexits.h>

#include <cstdio>

namespace vitald::check {
namespace {

std::string_view usage_text() {
  return "Usage: vitald check [--json] [--FLAG[=VALUE]]...\n"
         "As whom vitald runs here, what each collector can tell, what it lacks and which line of the systemd unit\n"
         "would give it. Takes the daemon's flags, --config.file too, and is best run as the service runs:\n"
         "\n"
         "  systemd-run --pipe --wait -p User=vitald -p NoNewPrivileges=yes vitald check\n"
         "\n"
         "  --json   as JSON\n"
         "\n"
         "Status: 0 nothing is lost, 1 something is, 64 wrong usage, 78 a wrong configuration.\n"
         "Hardware and features that this machine does not have are no loss.\n";
}

void print(std::string_view text, std::FILE* to = stdout) { std::fwrite(text.data(), 1, text.size(), to); }

int refuse(const config::Parsed& parsed) {
  for (const auto& error : parsed.errors) print("vitald check: " + error + "\n", stderr);
  return parsed.fault_in_files ? EX_CONFIG : EX_USAGE;
}

Wanted wanted_from(const Wishes& wishes, std::span<const config::Switch> collectors) {
  const auto& parsed = wishes.parsed;
  const auto settings = config::settings_from(parsed.options, collectors);
  Wanted wanted;
  wanted.roots = {settings.procfs, settings.sysfs, settings.rootfs, settings.udev_data};
  wanted.options = parsed.options;
  wanted.collectors = settings.collectors;
  wanted.missing_collectors = parsed.missing_collectors;
  wanted.deadline = settings.deadline;
  wanted.group_rules = wishes.group_rules;
  return wanted;
}

}  // namespace

int run(std::span<char* const> words) {
  std::vector<const char*> flags{"vitald check"};
  bool json = false;
  for (const char* word : words) std::string_view(word) == "--json" ? (void)(json = true) : flags.push_back(word);
  const auto collectors = switches();
  const config::Vocabulary vocabulary(collectors);
  const config::Loader loader(static_cast<int>(flags.size()), flags.data(), vocabulary.options());
  Wishes wishes{{}, loader.load(), vocabulary.options()};
  take_group_rules(wishes);
  const auto& parsed = wishes.parsed;
  if (parsed.help) return print(usage_text()), EX_OK;
  if (!parsed.errors.empty()) return refuse(parsed);
  const auto report = look(wanted_from(wishes, collectors));
  Out out;
  json ? write_json(report, out) : write_text(report, out);
  print(out.view());
  return report.has_faults() ? 1 : EX_OK;
}

}  // namespace vitald::check
