#include "daemon/daemon.hpp"

#include "daemon/give_back.hpp"
#include "daemon/unix_time.hpp"
#include "daemon/version.hpp"
#include "daemon/watch_metrics.hpp"
#include "daemon/web_settings.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace vitald {
namespace {

http::Limits limits_for(const config::Settings& settings) {
  auto limits = vitald::limits_for(settings.web);
  limits.collector_deadline = deadline_of(settings);
  return limits;
}

// Before the server: the routes' patterns point into it.
http::Context context_for(const config::Settings& settings) {
  http::Context context;
  context.telemetry_path = settings.telemetry_path;
  context.version = version.number;
  context.exporter_metrics = settings.exporter_metrics;
  context.policy = policy_for(settings.web);
  return context;
}

}  // namespace

std::chrono::milliseconds deadline_of(const config::Settings& settings) {
  return std::chrono::ceil<std::chrono::milliseconds>(settings.deadline);
}

CollectorWishes collectors_for(const Wishes& wishes) {
  const auto& settings = wishes.settings;
  return {{settings.procfs, settings.sysfs, settings.rootfs, settings.udev_data},
          wishes.parsed.options,
          settings.collectors,
          wishes.parsed.missing_collectors,
          wishes.group_rules};
}

ProcessDesks::MakeSource processes_for(const Wishes& wishes, NameService& names) {
  const auto secrets = wishes.parsed.options.text("process.secrets");
  ProcessPlaces places{wishes.settings.procfs, wishes.settings.rootfs, std::string(secrets), &names};
  return [places] { return make_process_source(places); };
}

std::chrono::milliseconds freshness_of(const config::Settings& settings) {
  return std::chrono::floor<std::chrono::milliseconds>(settings.freshness);
}

Daemon::Daemon(Wishes wishes, LoadWishes load, HandedOver handed_over, Log& log)
    : wishes_(std::move(wishes)),
      started_with_(wishes_.parsed.options),
      load_(std::move(load)),
      handed_over_(std::move(handed_over)),
      log_(log),
      notify_(loop_, log_, handed_over_.notify_socket, handed_over_.watchdog),
      remarks_(log_),
      readings_(loop_, log_, make_collectors(collectors_for(wishes_), services_), wishes_.settings.freshness, &lane_),
      processes_(loop_, processes_for(wishes_, names_), freshness_of(wishes_.settings)),
      context_(context_for(wishes_.settings)),
      beat_(loop_, [this] { samples_.beat(Alarm::Clock::now()); }),
      samples_(context_, [this](Alarm::Clock::time_point when) { beat_.set(when); }),
      server_(loop_, context_, limits_for(wishes_.settings)),
      overdue_(loop_, [this] { handle(Event::overdue); }),
      settled_(loop_, give_memory_back),
      started_at_seconds_(unix_seconds()),
      reload_(
          loop_, [this] { return [this, now = wishes_] { return prepare(now); }; },
          [this] { refuse("the configuration cannot be read: still waiting for it"); }) {
  context_.readings = &readings_;
  context_.processes = &processes_;
  context_.watches = &watches_;
  context_.own = &own_;
  context_.samples = &samples_;
  samples_.collectors_may_take(deadline_of(wishes_.settings));
  context_.traffic = &server_.traffic();
  context_.metrics_text = &metrics_text_;
  context_.configuration = [this] {
    return configuration_of(wishes_.parsed, wishes_.vocabulary, configuration_.generation);
  };
  context_.control = this;
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) signals_.add(signal);
  configuration_.loaded_at_seconds = started_at_seconds_;
  configuration_.files = wishes_.parsed.files;
  follow_all();
}

void Daemon::follow_all() {
  const auto number = [](auto value) { return static_cast<double>(value); };
  own_.unsupported(wishes_.parsed.unsupported_flags);
  own_.also([this](Out& out, encode::Format format) { write_watch_metrics(watches_, out, format); });
  own_.follow("vitald_readings_total", [=, this] { return number(readings_.readings()); });
  own_.follow("vitald_readers_left_behind", [=, this] { return number(readings_.left_behind()); });
  own_.follow("vitald_probe_abandoned", [=, this] { return number(abandoned_probes()); });
  own_.follow("vitald_log_lost_lines_total", [=, this] { return number(log_.lost()); });
  own_.follow("vitald_http_streams", [=, this] { return number(server_.streams()); });
  own_.follow("vitald_http_stream_skipped_total", [=, this] { return number(samples_.skipped()); });
  own_.follow("vitald_http_connections", [=, this] { return number(server_.connections()); });
  own_.follow("vitald_config_last_reload_successful", [this] { return configuration_.error.empty() ? 1.0 : 0.0; });
  own_.follow("vitald_config_last_reload_success_timestamp_seconds",
              [this] { return configuration_.loaded_at_seconds; });
}

bool Daemon::load_web_config() {
  const auto& file = wishes_.settings.web_config;
  if (file.empty()) return true;
  const auto set_fields = [this](const std::string& fields) {
    context_.security_fields = fields;
    if (groups_port_) groups_port_->security_fields(fields);
  };
  gate_ = std::make_unique<WebGate>(loop_, log_, file, set_fields);
  if (!gate_->load()) return false;
  context_.gate = gate_.get();
  own_.follow("vitald_web_config_last_reload_successful",
              [this] { return gate_->last_reload_successful() ? 1.0 : 0.0; });
  own_.follow("vitald_web_config_last_reload_success_timestamp_seconds",
              [this] { return gate_->last_success_seconds(); });
  return true;
}

int Daemon::listen() {
  if (!load_web_config()) return EX_CONFIG;
  const int status = listen_at_all();
  return status == EX_OK && !wishes_.settings.groups_listen.empty() ? listen_for_groups() : status;
}

int Daemon::listen_for_groups() {
  groups_port_ = std::make_unique<GroupsPort>(loop_, context_, limits_for(wishes_.settings));
  for (const auto& address : wishes_.settings.groups_listen) {
    const auto fault = groups_port_->listen(address);
    if (fault.error == 0) continue;
    log_.error("cannot listen", {{"address", config::to_string(address)}, {"reason", fault.why}});
    return fault.error == EACCES || fault.error == EPERM ? EX_NOPERM : EX_UNAVAILABLE;
  }
  return EX_OK;
}

int Daemon::listen_at_all() {
  const auto& passed = handed_over_.sockets;
  const auto& settings = wishes_.settings;
  if (settings.systemd_socket) return adopt();
  if (!passed.empty()) log_.warn("systemd passes sockets that nobody wants", {{"flag", "web.systemd-socket"}});
  int status = EX_OK;
  for (const auto& address : settings.listen) {
    const auto fault = server_.listen(place_for(address));
    if (fault.error == 0) continue;
    log_.error("cannot listen", {{"address", config::to_string(address)}, {"reason", fault.why}});
    if (status == EX_OK) status = fault.error == EACCES || fault.error == EPERM ? EX_NOPERM : EX_UNAVAILABLE;
  }
  if (status == EX_OK && settings.web.default_socket) listen_by_default();
  return status;
}

// Where somebody has prepared the folder, such as the unit; another daemon on this host may have the socket already.
void Daemon::listen_by_default() {
  if (::access("/run/vitald", W_OK | X_OK) != 0) return;
  const auto place = default_socket();
  const auto fault = server_.listen(place);
  if (fault.error != 0) log_.warn("cannot listen", {{"address", to_string(place)}, {"reason", fault.why}});
}

// Without sockets a new attempt would end the same, so it is a fault of the configuration: systemd shall not retry.
int Daemon::adopt() {
  int status = EX_OK;
  if (wishes_.parsed.options.given("web.listen-address"))
    log_.warn("not listened at, as systemd's sockets are used", {{"flag", "web.listen-address"}});
  if (handed_over_.sockets.empty()) {
    log_.error("systemd has passed no sockets: is the socket unit active?", {{"flag", "web.systemd-socket"}});
    status = EX_CONFIG;
  }
  for (const auto& socket : handed_over_.sockets) {
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
  if (groups_port_) groups_port_->server().accept();
  http::Selection all;
  const auto known = readings_.known();
  for (std::size_t i = 0; i < known.size(); ++i) all[i] = known[i].on;
  all[http::self_place] = true;
  readings_.ask(all, wishes_.settings.deadline, [this](const auto&) { handle(Event::ready); });
  for (const auto& address : server_.addresses()) log_.info("listening", {{"address", address}});
  if (groups_port_)
    for (const auto& address : groups_port_->server().addresses())
      log_.info("listening for groups of processes", {{"address", address}});
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
    case Action::reload: return reload(nullptr);
    case Action::nothing: return;
  }
}

void Daemon::report_ready() {
  watches_.renew(wishes_.settings.watches);
  context_.ready = true;
  tell_systemd();
  log_.info("ready");
  calls_.ready();
  settle();
}

// Not at once: who waits for the start to end asks right away, and would wait for the pages that come again.
void Daemon::settle() { settled_.set(Alarm::Clock::now() + std::chrono::seconds(1)); }

void Daemon::tell_systemd() {
  if (notify_.wanted()) notify_.ready(status_line());
}

// What systemctl status shows.
std::string Daemon::status_line() const {
  std::string line = std::to_string(wishes_.settings.collectors.size()) + " collectors, listening on";
  for (const auto& address : server_.addresses()) line += " " + address;
  if (!configuration_.error.empty()) line += "; the last reload was refused, see the log";
  return line;
}

void Daemon::reopen_log() {
  log_.reopen();
  log_.info("opening the log anew");
}

void Daemon::drain() {
  notify_.ending();
  log_.info("ending");
  context_.ready = false;
  overdue_.set(Alarm::Clock::now() + wishes_.settings.process.drain);
  const auto left = std::make_shared<int>(groups_port_ ? 2 : 1);
  const auto drained = [this, left] {
    if (--*left == 0) handle(Event::drained);
  };
  server_.drain(drained);
  if (groups_port_) groups_port_->server().drain(drained);
}

}  // namespace vitald
