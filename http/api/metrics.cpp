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

// collect[]=cpu&collect[]=stat, or exclude[]=cpu: the peer's parameters and its answers to wrong ones.
Plan chosen(const Parameters& parameters, const Context& context) {
  Selection collect, exclude, on;
  const auto known = context.readings->known();
  for (std::size_t i = 0; i < known.size(); ++i) on[i] = known[i].on;
  for (const auto& [name, value] : parameters) {
    if (name != "collect[]" && name != "exclude[]") continue;
    const auto at = std::ranges::find(known, value, [](const auto& each) { return each.entry->name; });
    if (at == known.end()) return refuse(plain(Status::bad_request, "missing collector: " + value));
    if (!at->on) return refuse(plain(Status::bad_request, "disabled collector: " + value));
    (name == "collect[]" ? collect : exclude).set(static_cast<std::size_t>(at - known.begin()));
  }
  if (collect.any() && exclude.any())
    return refuse(plain(Status::bad_request, "collect[] and exclude[] cannot be used together"));
  Plan plan{nullptr, collect.any() ? collect : on & ~exclude};
  plan.needs[self_place] = context.exporter_metrics;
  return plan;
}

}  // namespace

Plan plan_metrics(const Request& request, const Context& context) {
  const auto given = parameters(request.query);
  if (!given) return refuse(plain(Status::bad_request, "the query holds a broken percent escape"));
  return chosen(*given, context);
}

Reply metrics(const Request& request, const Context& context, const View& view) {
  using encode::Format;
  const auto format = wants_open_metrics(request.accept) ? Format::open_metrics : Format::text;
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
