// The second port: the groups of processes and nothing else, as process-exporter shows them.
#include "http/api/handlers.hpp"
#include "http/api/metrics_text.hpp"
#include "http/control.hpp"
#include "http/encode/exposition.hpp"
#include "http/negotiate.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

constexpr std::string_view collector_of_groups = "process_groups";

constexpr std::string_view groups_media_type(encode::Format format) {
  return format == encode::Format::text ? "text/plain; version=0.0.4; charset=utf-8"
                                        : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

// Its labels are the peer's; what this program has nothing for is empty.
std::string build_info(const Context& context, encode::Format format) {
  Out out;
  encode::head(out,
               {"", "process_exporter_build_info", "", "Which build answers in process-exporter's place.", "gauge"},
               format);
  out << "process_exporter_build_info{branch=\"\",goarch=\"\",goos=\"linux\",goversion=\"\",revision=\"";
  if (context.control) encode::escaped_label(out, context.control->status().revision);
  out << "\",tags=\"\",version=\"";
  encode::escaped_label(out, context.version);
  out << "\"} 1\n";
  return std::string(out.view());
}

}  // namespace

std::vector<Route> group_routes(const Context& context) {
  return {{Method::get, context.telemetry_path, "The groups of processes, as Prometheus text.", plan_groups, groups},
          {Method::get, "/", "Where the metrics are.", nullptr, groups_landing}};
}

Plan plan_groups(const Request&, const Context& context) {
  const auto known = context.readings->known();
  const auto at = std::ranges::find(known, collector_of_groups, [](const auto& each) { return each.entry->name; });
  if (at == known.end() || !at->on) return refuse(plain(Status::unavailable, "no groups are configured any more"));
  Plan plan;
  plan.needs.set(static_cast<std::size_t>(at - known.begin()));
  return plan;
}

// A page without groups would look like processes that have ended, so there is none.
Reply groups(const Request& request, const Context& context, const View& view) {
  using encode::Format;
  const auto& reading = view.readings.front();
  if (!reading.page)
    return plain(Status::unavailable, std::string("the processes cannot be read: ").append(reading.why));
  const auto format = wants_open_metrics(request.accept) ? Format::open_metrics : Format::text;
  Reply reply;
  reply.type = groups_media_type(format);
  reply.negotiated = true;
  reply.body = context.metrics_text->lone(reading.page, build_info(context, format), format);
  if (wants_gzip(request.accept_encoding)) {
    reply.body = context.metrics_text->compressed(*reply.body);
    reply.encoding = "gzip";
  }
  return reply;
}

Reply groups_landing(const Request&, const Context& context, const View&) {
  return text(Status::ok, "text/html; charset=utf-8",
              "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>vitald</title></head>\n"
              "<body><h1>Groups of processes</h1>\n<p><a href=\"" +
                  context.telemetry_path + "\">Metrics</a></p></body></html>\n");
}

}  // namespace vitald::http
