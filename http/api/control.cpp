// /api/v1/status: how the daemon itself is doing; POST /-/reload.
#include "http/control.hpp"
#include "http/api/handlers.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/json.hpp"

#include <algorithm>
#include <map>

namespace vitald::http {
namespace {

constexpr std::string_view media_type = "application/json";

void list(Out& out, std::string_view name, const std::vector<std::string>& all) {
  out << ",\"" << name << "\":[";
  std::string_view comma;
  for (const auto& each : all) {
    out << std::exchange(comma, ",");
    encode::quoted(out, each);
  }
  out << ']';
}

void text_member(Out& out, std::string_view name, std::string_view value) {
  out << '"' << name << "\":";
  encode::quoted(out, value);
}

void natural(Out& out, std::string_view name, std::uint64_t value) {
  out << ",\"" << name << "\":";
  out.number(value);
}

void configuration(Out& out, const DaemonStatus::Configuration& of) {
  out << ",\"configuration\":{\"generation\":";
  out.number(of.generation);
  out << ",\"loaded_at_seconds\":";
  encode::json_number(out, of.loaded_at_seconds);
  out << ",\"last_reload_successful\":" << (of.error.empty() ? "true" : "false");
  if (!of.error.empty()) text_member(out << ',', "error", of.error);
  list(out, "files", of.files);
  list(out, "need_a_restart", of.need_a_restart);
  out << '}';
}

// How many collectors are in which state.
void collectors_by_state(Out& out, const View& view) {
  std::map<std::string_view, std::uint64_t> counts;
  for (const auto& reading : view.readings) ++counts[name_of(reading.state)];
  out << ",\"collectors\":{\"on\":";
  out.number(view.readings.size());
  for (const auto& [state, count] : counts) natural(out, state, count);
  out << '}';
}

void process(Out& out, const View& view) {
  if (!view.self) return;
  out << ",\"process\":";
  view.self->each([&](const Rows& rows) { encode::json(rows, out); });
}

}  // namespace

Plan plan_status(const Request& request, const Context& context) {
  auto plan = plan_no_parameters(request, context);
  plan.needs.set(self_place);
  return plan;
}

Reply status(const Request&, const Context& context, const View& view) {
  const auto now = context.control->status();
  Out out;
  text_member(out << "{\"data\":{", "version", now.version);
  text_member(out << ',', "revision", now.revision);
  out << ",\"pid\":";
  out.number(now.pid);
  out << ",\"started_at_seconds\":";
  encode::json_number(out, now.started_at_seconds);
  out << ",\"ready\":" << (now.ready ? "true" : "false");
  list(out, "listeners", now.listeners);
  configuration(out, now.configuration);
  collectors_by_state(out, *context.readings->latest());
  natural(out, "readings", now.readings);
  natural(out, "readers_left_behind", now.readers_left_behind);
  natural(out, "collector_sets", now.collector_sets);
  natural(out, "probes_abandoned", now.probes_abandoned);
  natural(out, "connections", now.connections);
  process(out, view);
  out << "}}\n";
  return text(Status::ok, media_type, std::string(out.view()));
}

// Answered when the new configuration has taken effect, or was refused.
Plan plan_reload(const Request&, const Context& context) {
  Plan plan;
  plan.later = [&context](const Answer& answer) {
    context.control->reload([answer](const std::string& why) {
      answer(why.empty() ? plain(Status::ok, "reloaded")
                         : plain(Status::internal_error, "not reloaded, and all stays as it was: " + why));
    });
  };
  return plan;
}

}  // namespace vitald::http
