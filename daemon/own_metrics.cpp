#include "daemon/own_metrics.hpp"

#include "daemon/self_process.hpp"
#include "daemon/version.hpp"
#include "http/encode/exposition.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

namespace vitald {
namespace {

// ---- the families, described once: as registered, written and told by /api/v1/metadata

constexpr std::string_view peer_labels[] = {"branch", "goarch", "goos", "goversion", "revision", "tags", "version"};
constexpr std::string_view build_labels[] = {"compiler", "revision", "version"};
constexpr std::string_view request_labels[] = {"code", "route"};
constexpr std::string_view flag_labels[] = {"flag"};
constexpr std::string_view watch_labels[] = {"watch"}, watch_event_labels[] = {"type", "watch"},
                           watch_state_labels[] = {"state", "watch"};

constexpr http::OwnFamily described[] = {
    {"node_exporter_build_info", "Which build answers in node_exporter's place.", Type::gauge, peer_labels},
    {"vitald_build_info", "Which build this is.", Type::gauge, build_labels},
    {"vitald_http_requests_total", "Requests by route and status code.", Type::counter, request_labels},
    {"vitald_readings_total",
     "How often the host was read; requests within --web.freshness share one.",
     Type::counter,
     {}},
    {"vitald_config_last_reload_successful",
     "Whether the last reload of the configuration took effect.",
     Type::gauge,
     {}},
    {"vitald_config_last_reload_success_timestamp_seconds",
     "When a configuration last took effect, in Unix time.",
     Type::gauge,
     {}},
    {"vitald_log_lost_lines_total", "Lines of the log that did not get out, or not whole.", Type::counter, {}},
    {"vitald_http_connections", "Open connections.", Type::gauge, {}},
    {"vitald_http_streams", "Clients that listen to a stream.", Type::gauge, {}},
    {"vitald_http_stream_skipped_total", "Samples that listeners were too slow for.", Type::counter, {}},
    {"vitald_readers_left_behind", "Reader threads that hang in the kernel and were replaced.", Type::gauge, {}},
    {"vitald_probe_abandoned", "Probe processes that hang in the kernel and were replaced.", Type::gauge, {}},
    {"vitald_flag_unsupported", "Flags of node_exporter that were given and that this build accepts without effect.",
     Type::gauge, flag_labels},
    {"vitald_watch_events_total", "What a watch has told, by type.", Type::counter, watch_event_labels},
    {"vitald_watch_state", "1 for the state that a watch is in, else 0.", Type::gauge, watch_state_labels},
    {"vitald_watch_ready", "Whether all below the watched directory is known.", Type::gauge, watch_labels},
    {"vitald_watch_entries", "Files and directories that are known.", Type::gauge, watch_labels},
    {"vitald_watch_directories", "Directories that are known, with the watched one.", Type::gauge, watch_labels},
    {"vitald_watch_kernel_watches", "Directories that the kernel tells of.", Type::gauge, watch_labels},
    {"vitald_watch_kernel_watches_allowed",
     "Directories that the kernel lets this user's programs watch altogether.",
     Type::gauge,
     {}},
    {"vitald_watch_files", "What is known and is no directory.", Type::gauge, watch_labels},
    {"vitald_watch_bytes", "Sizes of the plain files, added up.", Type::gauge, watch_labels},
    {"vitald_watch_newest_mtime_seconds", "When the plain file that was written last was written, in Unix time.",
     Type::gauge, watch_labels},
    {"vitald_watch_oldest_mtime_seconds", "When the plain file that was written first was written, in Unix time.",
     Type::gauge, watch_labels},
    {"vitald_watch_most_waiting_bytes",
     "The most that was taken from the kernel and waited to be looked at, of all watches together.",
     Type::gauge,
     {}},
    {"vitald_watch_missing", "Directories, mounts and further entries that the watch does not follow.", Type::gauge,
     watch_labels},
    {"vitald_watch_overflows_total", "How often the kernel's queue was full.", Type::counter, watch_labels},
    {"vitald_watch_kept_events", "Events that a client may still ask for.", Type::gauge, watch_labels},
    {"vitald_watch_most_kept_events", "The most that were kept at once.", Type::gauge, watch_labels},
    {"vitald_watch_index_bytes", "Memory for the names that are known.", Type::gauge, watch_labels},
    {"vitald_watch_lag_seconds", "From the kernel's queue to the clients, of the last event.", Type::gauge,
     watch_labels},
    {"vitald_web_config_last_reload_successful",
     "Whether the web configuration file was good when it was read last; if not, the last good one counts.",
     Type::gauge,
     {}},
    {"vitald_web_config_last_reload_success_timestamp_seconds",
     "When the web configuration that counts was read, in Unix time.",
     Type::gauge,
     {}},
};

const http::OwnFamily& family_of(std::string_view name) {
  const auto at = std::ranges::find(described, name, &http::OwnFamily::name);
  if (at == std::end(described)) throw std::invalid_argument(std::string(name) + " is not described");
  return *at;
}

std::string start_of_line(std::string_view name, std::span<const std::string_view> labels,
                          std::span<const std::string_view> values) {
  Out out;
  out << name;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    out << (i == 0 ? "{" : ",") << labels[i] << "=\"";
    encode::escaped_label(out, values[i]);
    out << '"';
  }
  out << (labels.empty() ? " " : "} ");
  return std::string(out.view());
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

// One of the registry's families, with the text round its values, which does not change from scrape to scrape.
struct OwnMetrics::Family {
  using Values = std::span<const std::string_view>;

  Family(prometheus::Registry& registry, const http::OwnFamily& of) : about(of) {
    const std::string name(of.name), help(of.help);
    if (of.type == Type::counter)
      counters = &prometheus::BuildCounter().Name(name).Help(help).Register(registry);
    else
      gauges = &prometheus::BuildGauge().Name(name).Help(help).Register(registry);
    for (const auto format : {encode::Format::text, encode::Format::open_metrics}) {
      Out out;
      encode::head(out, {{}, of.name, {}, of.help, counters ? "counter" : "gauge"}, format);
      heads[static_cast<std::size_t>(format)] = out.view();
    }
  }

  prometheus::Counter& counter(Values values) {
    auto& made = counters->Add(labels(values));
    lines.push_back({start_of_line(about.name, about.labels, values), [&made] { return made.Value(); }});
    return made;
  }
  prometheus::Gauge& gauge(Values values) {
    auto& made = gauges->Add(labels(values));
    lines.push_back({start_of_line(about.name, about.labels, values), [&made] { return made.Value(); }});
    return made;
  }
  // Before each writing the metric is brought to what `value` tells.
  void follow(const std::function<double()>& value) {
    if (counters)
      refresh = [&made = counter({}), value] { made.Increment(value() - made.Value()); };
    else
      refresh = [&made = gauge({}), value] { made.Set(value()); };
  }
  void write(Out& out, encode::Format format) const {
    if (lines.empty()) return;
    if (refresh) refresh();
    out << heads[static_cast<std::size_t>(format)];
    for (const auto& line : lines) {
      out << line.start;
      encode::number(out, line.value());
      out << '\n';
    }
  }

  prometheus::Labels labels(Values values) const {
    prometheus::Labels all;
    for (std::size_t i = 0; i < values.size(); ++i) all.emplace(about.labels[i], values[i]);
    return all;
  }

  struct Line {
    std::string start;  // name and labels, with the blank
    std::function<double()> value;
  };
  http::OwnFamily about;
  std::array<std::string, 2> heads;  // by format
  std::vector<Line> lines;
  std::function<void()> refresh;
  prometheus::Family<prometheus::Counter>* counters = nullptr;
  prometheus::Family<prometheus::Gauge>* gauges = nullptr;
};

struct OwnMetrics::Families {
  Family& family(std::string_view name) {
    auto& made = by_name[name];
    if (!made) made = std::make_unique<Family>(registry, family_of(name));
    return *made;
  }

  prometheus::Registry registry;
  std::map<std::string_view, std::unique_ptr<Family>> by_name;
  std::map<std::pair<std::string_view, http::Status>, prometheus::Counter*> by_route;
};

OwnMetrics::OwnMetrics() : families_(std::make_unique<Families>()) {
  const std::string_view peer[] = {"", architecture, "linux", "", version.revision, "", version.number};
  families_->family("node_exporter_build_info").gauge(peer).Set(1);
  const std::string_view ours[] = {"g++ " __VERSION__, version.revision, version.number};
  families_->family("vitald_build_info").gauge(ours).Set(1);
}

OwnMetrics::~OwnMetrics() = default;

void OwnMetrics::follow(std::string_view family, const std::function<double()>& value) {
  auto& one = families_->family(family_of(family).name);
  one.follow(value);
}

void OwnMetrics::unsupported(const std::vector<std::string>& flags) {
  families_->by_name.erase("vitald_flag_unsupported");
  for (const std::string_view flag : flags) families_->family("vitald_flag_unsupported").gauge({&flag, 1}).Set(1);
}

void OwnMetrics::answered(std::string_view route, http::Status code) {
  auto& counter = families_->by_route[{route, code}];
  if (!counter) {
    const auto digits = std::to_string(static_cast<unsigned>(code));
    const std::string_view values[] = {digits, route};
    counter = &families_->family("vitald_http_requests_total").counter(values);
  }
  counter->Increment();
}

void OwnMetrics::write(Out& out, encode::Format format, bool with_exporter_metrics) {
  for (const auto& [name, family] : families_->by_name)
    if (with_exporter_metrics || !name.starts_with("vitald_http_")) family->write(out, format);
  for (const auto& each : others_) each(out, format);
}

std::span<const http::OwnFamily> own_family_table() { return described; }
std::span<const http::OwnFamily> OwnMetrics::families() const { return described; }

std::span<const Layout* const> OwnMetrics::layouts() const {
  static const Layout* const all[] = {&self_process_layout()};
  return all;
}

}  // namespace vitald
