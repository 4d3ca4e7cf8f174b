#pragma once
// What people ask Prometheus for: their rules and their dashboards.
#include "daemon/diff/promql.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vitald::diff {

struct Query {
  std::string file, place, kind,
      name;  // place: the group or dashboard; kind: alert, record, panel, variable or annotation
  std::vector<std::string> expressions;
  Dialect dialect = Dialect::rule;
};

// Appends what the text holds; what is wrong with it otherwise. Rules are Prometheus's YAML, or a PrometheusRule of
// Kubernetes; dashboards are Grafana's JSON, bare or as its API gives it.
std::string read_rules(std::string_view text, const std::string& file, std::vector<Query>& out);
std::string read_dashboard(std::string_view text, const std::string& file, std::vector<Query>& out);

}  // namespace vitald::diff
