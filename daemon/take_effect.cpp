// How a reload takes effect: all is made ready beside what runs, then swapped between two readings.
#include "config/changes.hpp"
#include "daemon/daemon.hpp"
#include "daemon/group_rules.hpp"
#include "daemon/places.hpp"
#include "daemon/unix_time.hpp"
#include "daemon/version.hpp"

#include <unistd.h>

#include <algorithm>

namespace vitald {

struct Daemon::Next {
  Wishes wishes;
  std::unique_ptr<CollectorSet> set;  // none: the collectors stay as they are
  NewPlaces places;
};

namespace {

std::string joined(const std::vector<std::string>& lines, std::string_view between) {
  std::string all;
  for (const auto& line : lines) all.append(all.empty() ? "" : between).append(line);
  return all;
}

std::vector<config::Change> changes(const Wishes& before, const Wishes& after) {
  return config::changes(before.parsed.options, after.parsed.options, after.vocabulary);
}

bool concerns_collectors(const config::Change& change) {
  const auto flag = change.option->flag;
  return flag.starts_with("collector.") || flag.starts_with("path.") || flag.starts_with("process.") || flag == "paths";
}

}  // namespace

void Daemon::reload(std::function<void(const std::string&)> done) {
  log_.info("reloading");
  notify_.reloading();
  if (done)
    reload_.ask([this, done = std::move(done)] { done(configuration_.error); });
  else
    reload_.ask();
}

// On a thread of its own, while the loop serves: it only reads what does not change, and `wishes`, a copy.
Reload::Then Daemon::prepare(const Wishes& now) {
  const auto next = std::make_shared<Next>();
  std::string why;
  try {
    next->wishes = load_();
    why = joined(next->wishes.parsed.errors, "; ");
    if (why.empty() &&
        (std::ranges::any_of(changes(now, next->wishes), concerns_collectors) || !same_group_rules(now, next->wishes)))
      next->set = make_collectors(collectors_for(next->wishes), services_);
    if (why.empty()) next->places = places_between(now.settings, next->wishes.settings);
  } catch (const std::exception& fault) {
    why = fault.what();
  }
  if (!why.empty()) return [this, why] { refuse(why); };
  return [this, next] { apply(*next); };
}

void Daemon::apply(Next& next) {
  for (const auto& warning : next.wishes.parsed.warnings) log_.warn(warning);
  const auto& settings = next.wishes.settings;
  if (next.set) readings_.replace(std::move(next.set));
  readings_.freshness(settings.freshness);
  processes_.renew(processes_for(next.wishes, names_), freshness_of(settings));
  watches_.renew(settings.watches);
  listen_anew(next.places);
  log_.least(settings.log_level);
  server_.collectors_may_take(deadline_of(settings));
  if (groups_port_) groups_port_->server().collectors_may_take(deadline_of(settings));
  samples_.collectors_may_take(deadline_of(settings));
  context_.exporter_metrics = settings.exporter_metrics;
  own_.unsupported(next.wishes.parsed.unsupported_flags);
  std::vector<std::string> changed;
  for (const auto& change : changes(wishes_, next.wishes)) changed.emplace_back(change.option->flag);
  wishes_ = std::move(next.wishes);
  ++configuration_.generation;
  configuration_.loaded_at_seconds = unix_seconds();
  configuration_.error.clear();
  configuration_.files = wishes_.parsed.files;
  note_what_needs_a_restart();
  log_.info("reloaded", {{"changed", joined(changed, " ")}});
  tell_systemd();
  settle();
}

// Connections that came by an address that is left stay.
void Daemon::listen_anew(NewPlaces& places) {
  for (auto& bound : places.bound) {
    log_.info("listening", {{"address", to_string(bound.place())}});
    server_.take(std::move(bound));
  }
  for (const auto& place : places.left) {
    log_.info("listening no longer", {{"address", to_string(place)}});
    server_.leave(place);
  }
}

// Compared with the start: what was changed back needs none.
void Daemon::note_what_needs_a_restart() {
  auto& all = configuration_.need_a_restart;
  const auto before = std::exchange(all, {});
  for (const auto& change : config::changes(started_with_, wishes_.parsed.options, wishes_.vocabulary))
    if (change.needs_restart()) all.emplace_back(change.option->flag);
  if (!all.empty() && all != before) log_.warn("changed settings need a restart", {{"settings", joined(all, " ")}});
}

// What ran before runs on.
void Daemon::refuse(const std::string& why) {
  configuration_.error = why;
  log_.error("not reloaded, and all stays as it was", {{"reason", why}});
  tell_systemd();
}

http::DaemonStatus Daemon::status() const {
  http::DaemonStatus now;
  now.version = version.number;
  now.revision = version.revision;
  now.pid = ::getpid();
  now.started_at_seconds = started_at_seconds_;
  now.ready = context_.ready;
  now.listeners = server_.addresses();
  now.configuration = configuration_;
  now.readings = readings_.readings();
  now.readers_left_behind = readings_.left_behind();
  now.collector_sets = readings_.sets();
  now.probes_abandoned = static_cast<std::size_t>(abandoned_probes());
  now.connections = server_.connections();
  return now;
}

}  // namespace vitald
