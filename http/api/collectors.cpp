// /api/v1/collectors: what there is and how it is doing; /api/v1/collectors/{name}: one collector's rows, read for this
// request.
#include "http/api/handlers.hpp"
#include "http/api/reading_json.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/json.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

const Reading* find(const View& view, const Entry* entry) {
  const auto at = std::ranges::find(view.readings, entry, &Reading::entry);
  return at == view.readings.end() ? nullptr : &*at;
}

void item(Out& out, const Readings::Known& known, const View& view) {
  out << "{\"name\":";
  encode::quoted(out, known.entry->name);
  out << ",\"about\":";
  encode::quoted(out, known.entry->about);
  out << ",\"on\":" << (known.on ? "true" : "false");
  if (const auto* reading = find(view, known.entry)) write_health(out, *reading);
  out << '}';
}

Reply json(const Out& out) { return text(Status::ok, "application/json", std::string(out.view())); }

const Readings::Known* known_by(std::string_view name, const Context& context, std::size_t& place) {
  const auto all = context.readings->known();
  const auto at = std::ranges::find(all, name, [](const auto& each) { return each.entry->name; });
  place = static_cast<std::size_t>(at - all.begin());
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

Plan plan_no_parameters(const Request& request, const Context&) {
  const auto given = parameters(request.query);
  if (given && given->empty()) return {};
  return refuse(problem(Status::bad_request, "this resource takes no parameters"));
}

Reply collectors(const Request&, const Context& context, const View&) {
  const auto view = context.readings->latest();
  Out out;
  out << "{\"data\":[";
  std::string_view comma;
  for (const auto& known : context.readings->known()) {
    out << std::exchange(comma, ",");
    item(out, known, *view);
  }
  out << "],\"meta\":{\"total\":";
  out.number(context.readings->known().size());
  out << "}}\n";
  return json(out);
}

Plan plan_collector(const Request& request, const Context& context) {
  if (auto plan = plan_no_parameters(request, context); plan.refusal) return plan;
  std::size_t place = 0;
  const auto* found = known_by(request.tail, context, place);
  if (!found) return refuse(problem(Status::not_found, "there is no such collector; /api/v1/collectors lists them"));
  if (!found->on) return refuse(problem(Status::unavailable, "the collector is off"));
  Plan plan;
  plan.needs.set(place);
  return plan;
}

Reply collector(const Request&, const Context& context, const View& view) {
  Out out;
  write_reading(out, view.readings.front(), context);
  out << '\n';
  return json(out);
}

}  // namespace vitald::http
