#include "daemon/start.hpp"

#include "daemon/daemon.hpp"
#include "daemon/launch.hpp"
#include "daemon/log_choice.hpp"
#include "daemon/pid_file.hpp"
#include "http/descriptors.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

namespace vitald {
namespace {

// The daemon asks for these once it is made; what comes before that is no reason to die.
void clear_signals() {
  for (const int each : {SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE}) ::signal(each, SIG_IGN);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);  // whoever started us may have blocked some
}

// The loop, the probe and a reading have some 30; connections come on top.
Refused too_few_descriptors() {
  constexpr std::size_t least = 48;
  const auto most = http::raise_descriptor_limit();
  if (most >= least) return {};
  return Refusal{EX_OSERR, "too few open files are allowed", "limit", std::to_string(most),
                 "at least " + std::to_string(least) + " are needed (LimitNOFILE=, ulimit -n)"};
}

class Start {
 public:
  Start(const config::Settings& settings, Launch& launch, Log& log)
      : process_(settings.process), format_(settings.log_format), launch_(launch), log_(log) {}

  // All that comes before the daemon is made.
  Refused prepare() {
    Refused refused = too_few_descriptors();
    if (!refused && !process_.user.empty()) refused = find_account(process_.user, account_);
    if (!refused) refused = open_log(process_, process_.user.empty() ? nullptr : &account_, log_, format_);
    if (!refused && !process_.pid_file.empty()) refused = pid_file_.hold(process_.pid_file);
    return refused;
  }

  // Returns when it does not serve.
  int run(Daemon& daemon, const std::vector<std::string>& files) {
    if (const int status = daemon.listen()) return status;
    if (const auto refused = give_up_rights(files)) return refused->tell(log_), refused->status;
    log_.start();
    daemon.run({[this] { ready(); }, [this] { end(EX_OK); }});
    return EX_OK;
  }

  // A reader may hang in the kernel: nobody waits for it.
  [[noreturn]] void end(int status) {
    pid_file_.release();
    log_.end();
    launch_.report(status == EX_OK ? EX_UNAVAILABLE : status);  // counts only when it was never ready
    std::fflush(nullptr);
    ::_exit(status);
  }

 private:
  Refused give_up_rights(const std::vector<std::string>& files) {
    if (process_.user.empty()) return {};
    auto refused = become(account_, process_.keep_capabilities);
    return refused ? refused : fault_of_rights(account_, process_.log_file, files);
  }

  void ready() {
    log_.started();
    launch_.report(EX_OK);
  }

  const config::ProcessSettings process_;
  const Log::Format format_;
  Launch& launch_;
  Log& log_;
  Account account_;
  PidFile pid_file_;
};

int started(Start& start, const config::Parsed& parsed, const MakeDaemon& make, Log& log) {
  try {
    if (const auto refused = start.prepare()) return refused->tell(log), refused->status;
    for (const auto& warning : parsed.warnings) log.warn(warning);
    const auto daemon = make(log);
    const int status = start.run(*daemon, parsed.files);
    start.end(status);
  } catch (const std::exception& bug) {
    log.error("a bug", {{"what", bug.what()}});
    return EX_SOFTWARE;
  }
}

}  // namespace

int start(const config::Settings& settings, const config::Parsed& parsed, const MakeDaemon& make) {
  clear_signals();
  open_standard_descriptors();
  Launch launch;
  const auto detached = settings.process.daemon ? launch.detach() : Result<void>();
  Log log(settings.log_level, settings.log_format);  // its descriptors are made in the daemon
  if (!detached) {
    log.error("cannot leave the terminal", {{"reason", to_string(detached.error())}});
    launch.report(EX_OSERR);
    return EX_OSERR;
  }
  Start start(settings, launch, log);
  start.end(started(start, parsed, make, log));
}

}  // namespace vitald
