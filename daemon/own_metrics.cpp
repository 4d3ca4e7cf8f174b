#include "daemon/own_metrics.hpp"

#include "daemon/version.hpp"
#include "http/encode/exposition.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <map>

namespace vitald {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

std::string_view type_of(MetricType type) {
  return type == MetricType::Counter ? "counter" : type == MetricType::Gauge ? "gauge" : "untyped";
}

// The adapter: one family of the registry as Prometheus text. Only counters and gauges are kept there.
void write_family(const MetricFamily& family, Out& out) {
  encode::head(out, {}, family.name, {}, family.help, type_of(family.type));
  for (const auto& metric : family.metric) {
    out << family.name;
    char before = '{';
    for (const auto& label : metric.label) {
      out << std::exchange(before, ',') << label.name << "=\"";
      encode::escaped_label(out, label.value);
      out << '"';
    }
    if (before == ',') out << '}';
    out << ' ';
    encode::number(out, family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value);
    out << '\n';
  }
}

void info(Out& out, std::string_view family, std::string_view help,
          std::initializer_list<std::pair<std::string_view, std::string_view>> labels) {
  encode::head(out, {}, family, {}, help, "gauge");
  out << family;
  char before = '{';
  for (const auto& [name, value] : labels) {
    out << std::exchange(before, ',') << name << "=\"";
    encode::escaped_label(out, value);
    out << '"';
  }
  out << "} 1\n";
}

constexpr std::string_view architecture =
#if defined(__x86_64__)
    "amd64";
#elif defined(__aarch64__)
    "arm64";
#else
    "other";
#endif

}  // namespace

struct OwnMetrics::Families {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("vitald_http_requests_total")
                                                          .Help("Requests by route and status code.")
                                                          .Register(registry);
  prometheus::Counter& readings = prometheus::BuildCounter()
                                      .Name("vitald_readings_total")
                                      .Help("How often the host was read; requests within --web.freshness share one.")
                                      .Register(registry)
                                      .Add({});
  prometheus::Gauge& connections =
      prometheus::BuildGauge().Name("vitald_http_connections").Help("Open connections.").Register(registry).Add({});
  prometheus::Gauge& readers = prometheus::BuildGauge()
                                   .Name("vitald_readers_left_behind")
                                   .Help("Reader threads that hang in the kernel and were replaced.")
                                   .Register(registry)
                                   .Add({});
  prometheus::Gauge& probes = prometheus::BuildGauge()
                                  .Name("vitald_probe_abandoned")
                                  .Help("Probe processes that hang in the kernel and were replaced.")
                                  .Register(registry)
                                  .Add({});
  std::map<std::pair<std::string_view, http::Status>, prometheus::Counter*> by_route;
};

OwnMetrics::OwnMetrics(Gauges gauges, const std::vector<std::string>& unsupported_flags)
    : gauges_(std::move(gauges)), families_(std::make_unique<Families>()) {
  Out out;
  info(out, "node_exporter_build_info", "Which build answers in node_exporter's place.",
       {{"branch", ""},
        {"goarch", architecture},
        {"goos", "linux"},
        {"goversion", ""},
        {"revision", version.revision},
        {"tags", ""},
        {"version", version.number}});
  info(out, "vitald_build_info", "Which build this is.",
       {{"compiler", "g++ " __VERSION__}, {"revision", version.revision}, {"version", version.number}});
  builds_ = out.view();
  auto& unsupported = prometheus::BuildGauge()
                          .Name("vitald_flag_unsupported")
                          .Help("Flags of node_exporter that were given and that this build accepts without effect.")
                          .Register(families_->registry);
  for (const auto& flag : unsupported_flags) unsupported.Add({{"flag", flag}}).Set(1);
}

OwnMetrics::~OwnMetrics() = default;

void OwnMetrics::answered(std::string_view route, http::Status code) {
  auto& counter = families_->by_route[{route, code}];
  if (!counter)
    counter = &families_->requests.Add(
        {{"code", std::to_string(static_cast<unsigned>(code))}, {"route", std::string(route)}});
  counter->Increment();
}

void OwnMetrics::write(Out& out, bool with_exporter_metrics) {
  out << builds_;
  auto& all = *families_;
  all.readings.Increment(gauges_.readings() - all.readings.Value());
  all.connections.Set(gauges_.connections());
  all.readers.Set(gauges_.readers_left_behind());
  all.probes.Set(gauges_.probes_abandoned());
  for (const auto& family : all.registry.Collect())
    if (with_exporter_metrics || !family.name.starts_with("vitald_http_")) write_family(family, out);
}

}  // namespace vitald
