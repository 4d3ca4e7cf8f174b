#include "daemon/daemon.hpp"

#include "daemon/self_process.hpp"
#include "daemon/version.hpp"

#include <sysexits.h>

#include <system_error>

namespace vitald {
namespace {

http::Limits limits_for(const Wishes& wishes) {
  http::Limits limits;
  limits.collector_deadline = std::chrono::ceil<std::chrono::milliseconds>(wishes.deadline);
  return limits;
}

// Before the server: the routes' patterns point into it.
http::Context context_for(const Wishes& wishes) {
  http::Context context;
  context.telemetry_path = wishes.telemetry_path;
  context.version = version.number;
  context.exporter_metrics = wishes.exporter_metrics;
  return context;
}

}  // namespace

Daemon::Daemon(Wishes wishes, Log& log)
    : wishes_(std::move(wishes)),
      log_(log),
      notify_(loop_, log_, wishes_.handed_over.notify_socket, wishes_.handed_over.watchdog),
      remarks_(log_),
      environment_{wishes_.roots, wishes_.options, sources_, probe_, files_, remarks_},
      readings_(loop_, log_, sources_, members(), make_self_process(sources_), wishes_.freshness, &lane_),
      context_(context_for(wishes_)),
      server_(loop_, context_, limits_for(wishes_)),
      own_({[this] { return static_cast<double>(readings_.readings()); },
            [this] { return static_cast<double>(readings_.left_behind()); },
            [this] { return static_cast<double>(probe_.abandoned() + files_.abandoned()); },
            [this] { return static_cast<double>(server_.connections()); },
            [this] { return static_cast<double>(log_.lost()); }},
           wishes_.unsupported_flags),
      overdue_(loop_, [this] { handle(Event::overdue); }) {
  context_.readings = &readings_;
  context_.own = &own_;
  context_.metrics_text = &metrics_text_;
  context_.configuration = [this] { return configuration_of(wishes_.options, wishes_.loaded); };
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) signals_.add(signal);
}

// The catalog, and those that were asked for but do not exist here: they show as failing, so that no alert goes silent.
std::vector<HostReadings::Member> Daemon::members() {
  std::vector<HostReadings::Member> all;
  for (const auto* entry : catalog()) {
    const bool on = wishes_.collectors.contains(entry->name);
    all.push_back({entry, on ? entry->make(environment_) : nullptr, on});
  }
  for (const auto& name : wishes_.missing_collectors) {
    const auto& made = missing_.emplace_back(
        std::make_unique<Entry>(Entry{name, "Not in this build.", false, Entry::Runs::fast, nullptr, {}, {}}));
    all.push_back({made.get(), nullptr, true});
  }
  return all;
}

int Daemon::listen() {
  const auto& passed = wishes_.handed_over.sockets;
  if (wishes_.systemd_sockets) return adopt();
  if (!passed.empty()) log_.warn("systemd passes sockets that nobody wants", {{"flag", "web.systemd-socket"}});
  int status = EX_OK;
  for (const auto& address : wishes_.listen) {
    const auto why = server_.listen(address.host, address.port);
    if (why.empty()) continue;
    log_.error("cannot listen", {{"address", address.host + ":" + std::to_string(address.port)}, {"reason", why}});
    status = why.ends_with(std::system_category().message(EACCES)) ? EX_NOPERM : EX_UNAVAILABLE;
  }
  return status;
}

// Without sockets a new attempt would end the same, so it is a fault of the configuration: systemd shall not retry.
int Daemon::adopt() {
  int status = EX_OK;
  if (wishes_.handed_over.sockets.empty()) {
    log_.error("systemd has passed no sockets: is the socket unit active?", {{"flag", "web.systemd-socket"}});
    status = EX_CONFIG;
  }
  for (const auto& socket : wishes_.handed_over.sockets) {
    const auto why = server_.adopt(socket.fd);
    if (why.empty()) continue;
    log_.error("cannot listen", {{"socket", std::to_string(socket.fd)}, {"name", socket.name}, {"reason", why}});
    status = EX_UNAVAILABLE;
  }
  return status;
}

void Daemon::run(Calls calls) {
  calls_ = std::move(calls);
  wait_for_signal();
  server_.accept();
  http::Selection all;
  const auto known = readings_.known();
  for (std::size_t i = 0; i < known.size(); ++i) all[i] = known[i].on;
  all[http::self_place] = true;
  readings_.ask(all, wishes_.deadline, [this](const auto&) { handle(Event::ready); });
  for (const auto& address : server_.addresses()) log_.info("listening", {{"address", address}});
  Shift shift(loop_, lane_, {[this] { readings_.take(); }, [this] { readings_.watch(); }, calls_.ended});
  shift.run();
  calls_.ended();
}

void Daemon::wait_for_signal() {
  signals_.async_wait([this](boost::system::error_code ec, int signal) {
    if (ec) return;
    wait_for_signal();
    obey(signal);
  });
}

void Daemon::obey(int signal) {
  if (signal == SIGHUP) return handle(Event::hangup);
  if (signal == SIGUSR1) return reopen_log();
  if (signal == SIGUSR2) return log_summary();
  handle(Event::terminate);
}

void Daemon::handle(Event event) {
  switch (life_.on(event)) {
    case Action::report_ready: return report_ready();
    case Action::drain: return drain();
    case Action::report_failure: return log_.warn("told to end before it was ready"), loop_.stop();
    case Action::stop:
    case Action::abandon: return loop_.stop();
    case Action::reload: return reload();
    case Action::nothing: return;
  }
}

void Daemon::report_ready() {
  context_.ready = true;
  if (notify_.wanted()) notify_.ready(status_line());
  log_.info("ready");
  calls_.ready();
}

// What systemctl status shows.
std::string Daemon::status_line() const {
  std::string line = std::to_string(wishes_.collectors.size()) + " collectors, listening on";
  for (const auto& address : server_.addresses()) line += " " + address;
  return line;
}

void Daemon::reload() { log_.info("nothing is read anew: there is no configuration file"); }

void Daemon::reopen_log() {
  log_.reopen();
  log_.info("opening the log anew");
}

void Daemon::drain() {
  notify_.ending();
  log_.info("ending");
  context_.ready = false;
  overdue_.set(Alarm::Clock::now() + wishes_.drain);
  server_.drain([this] { handle(Event::drained); });
}

}  // namespace vitald
