// The program: from the command line to a running daemon, or to the reason why not.
#include "config/effective.hpp"
#include "config/help.hpp"
#include "config/loader.hpp"
#include "config/settings.hpp"
#include "daemon/check/check.hpp"
#include "daemon/daemon.hpp"
#include "daemon/diff/diff.hpp"
#include "daemon/health.hpp"
#include "daemon/probe_child.hpp"
#include "daemon/start.hpp"
#include "daemon/switches.hpp"
#include "daemon/version.hpp"

#include <malloc.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace {

using namespace vitald;

void print(std::string_view text, std::FILE* to = stdout) { std::fwrite(text.data(), 1, text.size(), to); }

int refuse(const config::Parsed& parsed) {
  for (const auto& error : parsed.errors) print("vitald: " + error + "\n", stderr);
  if (parsed.fault_in_files || parsed.options.on("check-config")) return EX_CONFIG;
  print("vitald: try --help\n", stderr);
  return EX_USAGE;
}

int show(const config::Parsed& parsed, std::span<const Option> vocabulary) {
  print(config::to_yaml(config::effective(parsed.options, parsed.from_files, vocabulary)));
  return EX_OK;
}

int tell_no_faults(const config::Parsed& parsed) {
  for (const auto& warning : parsed.warnings) print("vitald: " + warning + "\n", stderr);
  for (const auto& file : parsed.files) print(file + "\n");
  print("no faults\n");
  return EX_OK;
}

Wishes wishes_from(config::Settings settings, config::Parsed parsed, std::span<const Option> vocabulary) {
  Wishes wishes;
  for (auto& address : settings.listen) wishes.listen.push_back({std::move(address.host), address.port});
  wishes.systemd_sockets = settings.systemd_socket;
  wishes.telemetry_path = std::move(settings.telemetry_path);
  wishes.freshness = settings.freshness;
  wishes.deadline = settings.deadline;
  wishes.drain = settings.process.drain;
  wishes.exporter_metrics = settings.exporter_metrics;
  wishes.roots = {settings.procfs, settings.sysfs, settings.rootfs, settings.udev_data};
  wishes.options = std::move(parsed.options);
  wishes.loaded = {vocabulary, std::move(parsed.files), std::move(parsed.from_files)};
  wishes.collectors = std::move(settings.collectors);
  wishes.unsupported_flags = std::move(parsed.unsupported_flags);
  wishes.missing_collectors = std::move(parsed.missing_collectors);
  return wishes;
}

// A reader may hang in the kernel: nobody waits for it.
[[noreturn]] void end(int status) {
  std::fflush(nullptr);
  ::_exit(status);
}

int run(int argc, char** argv) {
  auto handed_over = take_handed_over();
  const auto collectors = switches();
  const config::Vocabulary vocabulary(collectors);
  const config::Loader loader(argc, argv, vocabulary.options());
  auto parsed = loader.load();
  if (!parsed.errors.empty()) return refuse(parsed);
  if (parsed.help) return print(config::help_text(vocabulary.options())), EX_OK;
  if (parsed.version) return print(version_text()), EX_OK;
  if (parsed.options.on("print-config")) return show(parsed, vocabulary.options());
  if (parsed.options.on("check-config")) return tell_no_faults(parsed);
  auto settings = config::settings_from(parsed.options, collectors);
  return start(settings, parsed, [&](Log& log) {
    auto wishes = wishes_from(settings, parsed, vocabulary.options());
    wishes.handed_over = std::move(handed_over);
    return std::make_unique<Daemon>(std::move(wishes), log);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == probe_argument) return run_probe();
  ::signal(SIGPIPE, SIG_IGN);
  ::mallopt(M_ARENA_MAX, 1);  // a second arena would cost more memory than the reader ever waits for the first
  int status = EX_SOFTWARE;
  try {
    const std::string_view command = argc > 1 ? argv[1] : "";
    const std::span rest(argv + std::min(argc, 2), argv + argc);
    status = command == "diff"     ? diff::run(rest)
             : command == "check"  ? check::run(rest)
             : command == "health" ? run_health(rest)
                                   : run(argc, argv);
  } catch (const std::exception& bug) {
    print(std::string("vitald: ") + bug.what() + "\n", stderr);
  }
  end(status);
}
