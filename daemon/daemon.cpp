#include "daemon/daemon.hpp"

#include "daemon/self_process.hpp"
#include "daemon/version.hpp"

namespace vitald {
namespace {

constexpr auto drain_time = std::chrono::milliseconds(1500);

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
            [this] { return static_cast<double>(server_.connections()); }},
           wishes_.unsupported_flags),
      overdue_(loop_, [this] { handle(Event::overdue); }) {
  context_.readings = &readings_;
  context_.own = &own_;
  context_.metrics_text = &metrics_text_;
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

bool Daemon::listen() {
  if (wishes_.systemd_sockets) return adopt();
  bool all = true;
  for (const auto& address : wishes_.listen) {
    const auto why = server_.listen(address.host, address.port);
    if (why.empty()) continue;
    log_.error("cannot listen", {{"address", address.host + ":" + std::to_string(address.port)}, {"reason", why}});
    all = false;
  }
  return all;
}

bool Daemon::adopt() {
  bool all = true;
  for (const auto& socket : wishes_.handed_over.sockets) {
    const auto why = server_.adopt(socket.fd);
    if (why.empty()) continue;
    log_.error("cannot listen", {{"socket", std::to_string(socket.fd)}, {"name", socket.name}, {"reason", why}});
    all = false;
  }
  return all;
}

void Daemon::run(const std::function<void()>& ended) {
  wait_for_signal();
  server_.accept();
  http::Selection all;
  const auto known = readings_.known();
  for (std::size_t i = 0; i < known.size(); ++i) all[i] = known[i].on;
  all[http::self_place] = true;
  readings_.ask(all, wishes_.deadline, [this](const auto&) { handle(Event::ready); });
  for (const auto& address : server_.addresses()) log_.info("listening", {{"address", address}});
  Shift shift(loop_, lane_, {[this] { readings_.take(); }, [this] { readings_.watch(); }, ended});
  shift.run();
  ended();
}

void Daemon::wait_for_signal() {
  signals_.async_wait([this](boost::system::error_code ec, int) {
    if (ec) return;
    wait_for_signal();
    handle(Event::terminate);
  });
}

void Daemon::handle(Event event) {
  switch (life_.on(event)) {
    case Action::report_ready: return report_ready();
    case Action::drain: return drain();
    case Action::report_failure:
    case Action::stop:
    case Action::abandon: return loop_.stop();
    case Action::reload:
    case Action::nothing: return;
  }
}

void Daemon::report_ready() {
  context_.ready = true;
  if (notify_.wanted()) notify_.ready(status_line());
  log_.info("ready");
}

// What systemctl status shows.
std::string Daemon::status_line() const {
  std::string line = std::to_string(wishes_.collectors.size()) + " collectors, listening on";
  for (const auto& address : server_.addresses()) line += " " + address;
  return line;
}

void Daemon::drain() {
  notify_.ending();
  log_.info("ending");
  context_.ready = false;
  overdue_.set(Alarm::Clock::now() + drain_time);
  server_.drain([this] { handle(Event::drained); });
}

}  // namespace vitald
