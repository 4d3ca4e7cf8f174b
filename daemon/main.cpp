// The program: from the command line to a running daemon, or to the reason why not.
#include "config/effective.hpp"
#include "config/help.hpp"
#include "config/loader.hpp"
#include "config/settings.hpp"
#include "daemon/check/check.hpp"
#include "daemon/daemon.hpp"
#include "daemon/diff/diff.hpp"
#include "daemon/exporter_words.hpp"
#include "daemon/follow/follow.hpp"
#include "daemon/group_rules.hpp"
#include "daemon/health.hpp"
#include "daemon/probe_child.hpp"
#include "daemon/ps/ps.hpp"
#include "daemon/start.hpp"
#include "daemon/switches.hpp"
#include "daemon/version.hpp"
#include "daemon/web/web_state.hpp"

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
  const auto& web = parsed.options.text("web.config.file");
  const auto load = web.empty() ? WebLoad{} : load_web(web);
  for (const auto& fault : load.faults) print("vitald: " + fault + "\n", stderr);
  if (!load.faults.empty()) return EX_CONFIG;
  for (const auto& warning : parsed.warnings) print("vitald: " + warning + "\n", stderr);
  for (const auto& file : parsed.files) print(file + "\n");
  print("no faults\n");
  return EX_OK;
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
  const LoadWishes load = [&] {
    Wishes wishes{{}, loader.load(), vocabulary.options()};
    if (wishes.parsed.errors.empty()) wishes.settings = config::settings_from(wishes.parsed.options, collectors);
    take_group_rules(wishes);
    return wishes;
  };
  auto wishes = load();
  const auto parsed = wishes.parsed;
  if (!parsed.errors.empty()) return refuse(parsed);
  if (parsed.help) return print(config::help_text(vocabulary.options())), EX_OK;
  if (parsed.version) return print(version_text()), EX_OK;
  if (parsed.options.on("print-config")) return show(parsed, vocabulary.options());
  if (parsed.options.on("check-config")) return tell_no_faults(parsed);
  const auto settings = wishes.settings;
  return start(settings, parsed, [&](Log& log) {
    return std::make_unique<Daemon>(std::move(wishes), load, std::move(handed_over), log);
  });
}

// With the command line of the program that it stands in for.
int run_as_process_exporter(std::span<char* const> argv) {
  auto [words, fault] = exporter_words(argv);
  if (!fault.empty()) return print("vitald: " + fault + "\n", stderr), EX_USAGE;
  std::vector<char*> ours;
  for (auto& word : words) ours.push_back(word.data());
  return run(static_cast<int>(ours.size()), ours.data());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == probe_argument) return run_probe();
  ::signal(SIGPIPE, SIG_IGN);
  ::mallopt(M_ARENA_MAX, 1);  // a second arena would cost more memory than the reader ever waits for the first
  ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);  // larger ones, listings of many processes, go back when they are freed
  int status = EX_SOFTWARE;
  try {
    const std::string_view command = argc > 1 ? argv[1] : "";
    const std::span rest(argv + std::min(argc, 2), argv + argc);
    status = argc > 0 && is_process_exporter(argv[0]) ? run_as_process_exporter({argv, argv + argc})
             : command == "diff"                      ? diff::run(rest)
             : command == "check"                     ? check::run(rest)
             : command == "health"                    ? run_health(rest)
             : command == "ps"                        ? ps::run(rest)
             : command == "watch"                     ? follow::run(rest)
                                                      : run(argc, argv);
  } catch (const std::exception& bug) {
    print(std::string("vitald: ") + bug.what() + "\n", stderr);
  }
  end(status);
}
