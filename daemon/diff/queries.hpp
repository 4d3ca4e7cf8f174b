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

struct QueriesRead {
  std::string fault;                      // what is wrong with the text; empty: nothing
  bool others = false;                    // it is in order, and no such file
  std::vector<std::string> remarks = {};  // what of it could not be looked at
};

// Appends what the text holds. Rules are Prometheus's YAML, a PrometheusRule of Kubernetes or a list of these;
// dashboards are Grafana's JSON, bare or as its API gives it.
QueriesRead read_rules(std::string_view text, const std::string& file, std::vector<Query>& out);
QueriesRead read_dashboard(std::string_view text, const std::string& file, std::vector<Query>& out);

constexpr bool is_control(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }

// A name for people: whatever it holds, it is one line.
std::string on_one_line(std::string text);

}  // namespace vitald::diff
