// /metrics: every family as Prometheus text or OpenMetrics, read for this request.
#include "http/api/handlers.hpp"
#include "http/api/metrics_text.hpp"
#include "http/negotiate.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

constexpr std::string_view type_of(encode::Format format) {
  return format == encode::Format::text ? "text/plain; version=0.0.4; charset=utf-8"
                                        : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

Plan refuse_collector(std::string_view why, const std::string& name) {
  std::string text("Couldn't create filtered metrics handler: couldn't create collector: ");
  return refuse(plain(Status::bad_request, text.append(why).append(" collector: ").append(name)));
}

// collect[]=cpu&collect[]=stat, or exclude[]=cpu: the peer's parameters and its answers to wrong ones. Who is excluded
// need not be there.
Plan chosen(const Parameters& parameters, const Context& context) {
  Selection collect, exclude, on;
  bool excludes = false;
  const auto known = context.readings->known();
  for (std::size_t i = 0; i < known.size(); ++i) on[i] = known[i].on;
  for (const auto& [name, value] : parameters) {
    if (name != "collect[]" && name != "exclude[]") continue;
    const auto at = std::ranges::find(known, value, [](const auto& each) { return each.entry->name; });
    const bool collects = name == "collect[]";
    excludes = excludes || !collects;
    if (collects && at == known.end()) return refuse_collector("missing", value);
    if (collects && !at->on) return refuse_collector("disabled", value);
    if (at != known.end()) (collects ? collect : exclude).set(static_cast<std::size_t>(at - known.begin()));
  }
  if (collect.any() && excludes)
    return refuse(plain(Status::bad_request, "Combined collect and exclude queries are not allowed."));
  Plan plan{nullptr, collect.any() ? collect : on & ~exclude};
  plan.needs[self_place] = context.exporter_metrics;
  return plan;
}

// As wished; but what OpenMetrics would show as other series than text does (le="1.0" of le="1"), who takes both gets
// as text, which is all that the peer has.
encode::Format format_for(std::string_view accept, const Context& context, const View& view) {
  if (!wants_open_metrics(accept)) return encode::Format::text;
  auto& renames = view.open_metrics_renames;
  if (!renames) renames = context.metrics_text->open_metrics_renames(view, context);
  return *renames && takes_text(accept) ? encode::Format::text : encode::Format::open_metrics;
}

}  // namespace

Plan plan_metrics(const Request& request, const Context& context) {
  const auto given = parameters(request.query);
  if (!given) return refuse(plain(Status::bad_request, "the query holds a broken percent escape"));
  return chosen(*given, context);
}

Reply metrics(const Request& request, const Context& context, const View& view) {
  using encode::Format;
  const auto format = format_for(request.accept, context, view);
  auto& [plain, gzip] = format == Format::text ? view.text : view.open_metrics;
  if (!plain) plain = context.metrics_text->text(view, context, format);
  Reply reply;
  reply.type = type_of(format);
  reply.negotiated = true;
  reply.body = plain;
  if (wants_gzip(request.accept_encoding)) {
    if (!gzip) gzip = context.metrics_text->compressed(*plain);
    reply.body = gzip;
    reply.encoding = "gzip";
  }
  return reply;
}

}  // namespace vitald::http
