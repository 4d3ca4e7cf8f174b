#pragma once
// What the daemon answers: the table of routes, and what their handlers may know.
#include "http/configuration.hpp"
#include "http/encode/exposition.hpp"
#include "http/router.hpp"

#include <functional>
#include <string>

namespace vitald::http {

constexpr std::string_view usual_security_fields =
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n";

struct OwnFamily {
  std::string_view name, help;
  Type type;
  std::span<const std::string_view> labels;  // in alphabetical order
};

// The daemon's own metrics. The loop's thread only.
class OwnMetrics {
 public:
  virtual ~OwnMetrics() = default;
  // With or without those of the exporter's own serving.
  virtual void write(Out& out, encode::Format format, bool with_exporter_metrics) = 0;
  // Counts a request. `route` is a pattern of the table, or a literal, and is kept.
  virtual void answered(std::string_view route, Status code) = 0;
  // What `write` and the daemon's own page can show: of families, and of layouts.
  virtual std::span<const OwnFamily> families() const = 0;
  virtual std::span<const Layout* const> layouts() const = 0;
};

class MetricsText;
class Gate;
class Control;
class Processes;
class Samples;
class Watches;
struct Traffic;

// Outlives server and routes. The loop's thread only.
struct Context {
  Readings* readings = nullptr;
  OwnMetrics* own = nullptr;
  MetricsText* metrics_text = nullptr;
  Gate* gate = nullptr;  // of a web configuration file; null: every connection is plain, nobody has a password
  Control* control = nullptr;
  Samples* samples = nullptr;
  Processes* processes = nullptr;
  Watches* watches = nullptr;
  Policy policy;
  std::string security_fields{usual_security_fields};  // of every reply's head
  std::function<Configuration()> configuration;        // the settings that count now; empty: not known
  const Traffic* traffic = nullptr;                    // what the server counts of itself; null in tests
  std::string telemetry_path = "/metrics";
  std::string version;
  bool ready = false;            // the first reading is done and the daemon is not ending
  bool exporter_metrics = true;  // --web.disable-exporter-metrics takes process_* and vitald_http_* away
};

std::vector<Route> routes(const Context& context);  // the patterns are good as long as the context

// Of the port for groups of processes: nothing but these.
std::vector<Route> group_routes(const Context& context);

// The families round the collectors: node_scrape_collector_*, vitald_collector_*. Names for the tests.
std::span<const Layout* const> frame_layouts();

}  // namespace vitald::http
