#include "daemon/own_metrics.hpp"

#include "daemon/self_process.hpp"
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

// The adapter: one family of the registry as text. Only counters and gauges are kept there.
void write_family(const MetricFamily& family, encode::Format format, Out& out) {
  encode::head(out, {{}, family.name, {}, family.help, type_of(family.type)}, format);
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

// ---- the families, described once: as registered, written and told by /api/v1/metadata

constexpr std::string_view peer_labels[] = {"branch", "goarch", "goos", "goversion", "revision", "tags", "version"};
constexpr std::string_view build_labels[] = {"compiler", "revision", "version"};
constexpr std::string_view request_labels[] = {"code", "route"};
constexpr std::string_view flag_labels[] = {"flag"};

enum Place : std::size_t { peer_build, build, requests, readings, connections, readers, probes, lost, unsupported };
constexpr http::OwnFamily described[] = {
    {"node_exporter_build_info", "Which build answers in node_exporter's place.", Type::gauge, peer_labels},
    {"vitald_build_info", "Which build this is.", Type::gauge, build_labels},
    {"vitald_http_requests_total", "Requests by route and status code.", Type::counter, request_labels},
    {"vitald_readings_total",
     "How often the host was read; requests within --web.freshness share one.",
     Type::counter,
     {}},
    {"vitald_http_connections", "Open connections.", Type::gauge, {}},
    {"vitald_readers_left_behind", "Reader threads that hang in the kernel and were replaced.", Type::gauge, {}},
    {"vitald_probe_abandoned", "Probe processes that hang in the kernel and were replaced.", Type::gauge, {}},
    {"vitald_log_lost_lines_total", "Lines of the log that did not get out, or not whole.", Type::counter, {}},
    {"vitald_flag_unsupported", "Flags of node_exporter that were given and that this build accepts without effect.",
     Type::gauge, flag_labels},
};

prometheus::Family<prometheus::Counter>& counter(prometheus::Registry& registry, Place place) {
  const auto& family = described[place];
  return prometheus::BuildCounter().Name(std::string(family.name)).Help(std::string(family.help)).Register(registry);
}

prometheus::Family<prometheus::Gauge>& gauge(prometheus::Registry& registry, Place place) {
  const auto& family = described[place];
  return prometheus::BuildGauge().Name(std::string(family.name)).Help(std::string(family.help)).Register(registry);
}

void info(Out& out, encode::Format format, Place place, std::initializer_list<std::string_view> values) {
  const auto& family = described[place];
  encode::head(out, {{}, family.name, {}, family.help, "gauge"}, format);
  out << family.name;
  char before = '{';
  auto value = values.begin();
  for (const auto label : family.labels) {
    out << std::exchange(before, ',') << label << "=\"";
    encode::escaped_label(out, *value++);
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
  prometheus::Family<prometheus::Counter>& all_requests = counter(registry, requests);
  prometheus::Counter& all_readings = counter(registry, readings).Add({});
  prometheus::Gauge& open = gauge(registry, connections).Add({});
  prometheus::Gauge& left_behind = gauge(registry, readers).Add({});
  prometheus::Gauge& abandoned = gauge(registry, probes).Add({});
  prometheus::Counter& lost_lines = counter(registry, lost).Add({});
  std::map<std::pair<std::string_view, http::Status>, prometheus::Counter*> by_route;
};

OwnMetrics::OwnMetrics(Gauges gauges, const std::vector<std::string>& unsupported_flags)
    : gauges_(std::move(gauges)), families_(std::make_unique<Families>()) {
  auto& flags = gauge(families_->registry, unsupported);
  for (const auto& flag : unsupported_flags) flags.Add({{"flag", flag}}).Set(1);
}

OwnMetrics::~OwnMetrics() = default;

void OwnMetrics::answered(std::string_view route, http::Status code) {
  auto& counter = families_->by_route[{route, code}];
  if (!counter)
    counter = &families_->all_requests.Add(
        {{"code", std::to_string(static_cast<unsigned>(code))}, {"route", std::string(route)}});
  counter->Increment();
}

void OwnMetrics::write(Out& out, encode::Format format, bool with_exporter_metrics) {
  info(out, format, peer_build, {"", architecture, "linux", "", version.revision, "", version.number});
  info(out, format, build, {"g++ " __VERSION__, version.revision, version.number});
  auto& all = *families_;
  all.all_readings.Increment(gauges_.readings() - all.all_readings.Value());
  all.open.Set(gauges_.connections());
  all.left_behind.Set(gauges_.readers_left_behind());
  all.abandoned.Set(gauges_.probes_abandoned());
  all.lost_lines.Increment(gauges_.lost_lines() - all.lost_lines.Value());
  for (const auto& family : all.registry.Collect())
    if (with_exporter_metrics || !family.name.starts_with("vitald_http_")) write_family(family, format, out);
}

std::span<const http::OwnFamily> own_family_table() { return described; }
std::span<const http::OwnFamily> OwnMetrics::families() const { return described; }

std::span<const Layout* const> OwnMetrics::layouts() const {
  static const Layout* const all[] = {&self_process_layout()};
  return all;
}

}  // namespace vitald
