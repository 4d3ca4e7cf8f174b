#include "daemon/diff/usage.hpp"

#include <doctest/doctest.h>

namespace usage_test {

using namespace vitald::diff;

namespace {

constexpr const char* rules = R"(
groups:
  - name: hosts
    rules:
      - alert: HostHot
        expr: node_hwmon_temp_celsius > 80
        for: 5m
        labels: {severity: page}
        annotations: {summary: "{{ $labels.instance }} is hot"}
      - record: instance:heat
        expr: max by (instance) (node_hwmon_temp_celsius{job="node"})
      - alert: HeatRises
        expr: |
          instance:heat  # the rule above
            > 1.1 * instance:heat offset 1h
      - alert: Busy
        expr: rate(node_cpu_seconds_total{mode!="idle",job="node"}[5m]) > 0.9
      - alert: Elsewhere
        expr: kube_pod_info == 0
---
spec:
  groups:
    - name: operator
      rules:
        - alert: FailedUnit
          expr: 'node_systemd_unit_state{state="failed"} == 1'
)";

constexpr const char* dashboard = R"-({"dashboard": {"title": "Hosts",
  "templating": {"list": [
    {"name": "node", "query": {"query": "label_values(node_uname_info, instance)"}},
    {"name": "chip", "query": "label_values(node_hwmon_chip_names, chip)"}]},
  "annotations": {"list": [{"name": "boots", "expr": "changes(node_boot_time_seconds[5m])"}]},
  "panels": [
    {"title": "CPU", "targets": [
      {"expr": "rate(node_cpu_seconds_total{instance=~\"$node\",mode=\"$mode\"}[$__interval])"}]},
    {"title": "Row", "panels": [{"title": "Heat", "targets": [
      {"expr": "node_cpu_seconds_total"}, {"expr": "node_hwmon_temp_celsius{chip=\"$chip\"}"}]}]},
    {"title": "Text", "targets": null},
    {"title": "Any", "targets": [{"expr": "$metric{instance=\"$node\"}"}]}],
  "rows": [{"panels": [{"title": "Old row", "targets": [{"expr": "node_hwmon_fan_rpm"}]}]}]}})-";

constexpr const char* theirs_text =
    "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 1\nnode_hwmon_temp_celsius{chip=\"a\"} 50\nnode_uname_info 1\n"
    "node_hwmon_chip_names{chip=\"a\"} 1\nnode_hwmon_fan_rpm 1\nnode_boot_time_seconds 5\n"
    "node_systemd_unit_state{name=\"a\",state=\"failed\"} 0\nnode_systemd_unit_state{name=\"a\",state=\"active\"} 1\n";

Side side(std::string_view text) {
  Side made;
  REQUIRE(made.add(text).has_value());
  return made;
}

// "NAME: why; why", a line each.
std::string lost(const std::vector<Query>& queries, std::string_view ours, std::string_view theirs = theirs_text) {
  const std::vector<Side> others{side(theirs)};
  std::string text;
  for (const auto& [query, reasons] : losses(queries, side(ours), others)) {
    text += query->name + ":";
    for (const auto& reason : reasons) text += " " + reason + ";";
    text += "\n";
  }
  return text;
}

bool taken(const QueriesRead& read) { return read.fault.empty() && !read.others && read.remarks.empty(); }

std::vector<Query> one(std::string expression) { return {{"f", "p", "alert", "it", {std::move(expression)}}}; }

}  // namespace

TEST_SUITE("diff/usage") {
  TEST_CASE("rules are read from Prometheus's files and from Kubernetes's objects") {
    std::vector<Query> all;
    REQUIRE(taken(read_rules(rules, "rules.yml", all)));
    REQUIRE(all.size() == 6);
    CHECK(all[0].name == "HostHot");
    CHECK(all[1].kind == "record");
    CHECK(all[1].name == "instance:heat");
    CHECK(all[5].place == "operator");
    CHECK(read_rules("a: [", "bad.yml", all).fault != "");
    CHECK(read_rules("scrape_configs: []\n", "other.yml", all).others);
    for (const char* nothing : {"", "\n", "groups:\n", "groups: []\n"})
      CHECK_MESSAGE(taken(read_rules(nothing, "none.yml", all)), nothing);
    CHECK(all.size() == 6);
  }

  TEST_CASE("rules in a list of Kubernetes's objects, and with what YAML merges in") {
    std::vector<Query> all;
    const auto* const list = R"x(
kind: List
items:
- {kind: PrometheusRule, spec: {groups: [{name: g, rules: [{alert: "A\n\e[31m", expr: x}]}]}}
- {kind: ConfigMap, data: {}}
)x";
    REQUIRE(taken(read_rules(list, "list.yml", all)));
    REQUIRE(all.size() == 1);
    CHECK(all[0].name == "A  [31m");  // one line, and nothing that a terminal would obey
    const auto* const merged = R"x(
groups:
- name: g
  rules:
  - &b {alert: b, expr: lost}
  - {<<: *b, alert: c}
  - {<<: [{for: 1m}, *b], alert: d}
)x";
    REQUIRE(taken(read_rules(merged, "merged.yml", all)));
    REQUIRE(all.size() == 4);
    for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i].expressions == std::vector<std::string>{"lost"});
    CHECK(all[3].name == "d");
  }

  TEST_CASE("dashboards: library panels, new objects, variables of names") {
    std::vector<Query> all;
    const auto* const text = R"x({"spec": {"title": "T", "panels": [
        {"title": "L", "libraryPanel": {"uid": "u1", "name": "L"}},
        {"libraryPanel": {"uid": "u2", "name": "elsewhere"}},
        {"libraryPanel": {"uid": "u3", "model": {"title": "inside", "targets": [{"expr": "b"}]}}}],
      "__elements": {"u1": {"kind": 1, "model": {"title": "beside", "targets": [{"expr": "a"}]}}},
      "templating": {"list": [{"name": "v", "query": "metrics(node_gone.*)"}]},
      "annotations": {"list": [{"name": "n", "target": {"expr": "c"}}]}}})x";
    const auto read = read_dashboard(text, "d.json", all);
    CHECK((read.fault.empty() && !read.others));
    REQUIRE(read.remarks.size() == 1);
    CHECK(read.remarks[0] == "the library panel \"elsewhere\" is not in this file, and was not looked at");
    std::string names;
    for (const auto& each : all) names += each.name + "=" + each.expressions.at(0) + ", ";
    CHECK(names == "inside=b, beside=a, v={__name__=~\"node_gone.*\"}, n=c, ");
  }

  TEST_CASE("a rule that asks for recording rules by an expression goes with them") {
    const std::vector<Query> all{{"f", "p", "record", "b:lost", {"gone"}},
                                 {"f", "p", "alert", "A", {"{__name__=~\"b:.*\"}"}}};
    CHECK(lost(all, "kept 1\n", "gone 1\nkept 1\n") ==
          "b:lost: gone is not there;\nA: the recording rule b:lost loses something;\n");
  }

  TEST_CASE("dashboards: panels in rows old and new, variables, annotations") {
    std::vector<Query> all;
    REQUIRE(taken(read_dashboard(dashboard, "d.json", all)));
    std::string names;
    for (const auto& each : all) names += each.kind + " " + each.name + ", ";
    CHECK(names == "panel CPU, panel Heat, panel Any, panel Old row, variable node, variable chip, annotation boots, ");
    CHECK(all[0].place == "Hosts");
    for (const char* wrong : {"", "{", "[]"}) CHECK_MESSAGE(read_dashboard(wrong, "d.json", all).fault != "", wrong);
    for (const char* other : {"{}", "{\"panels\": 1}"})
      CHECK_MESSAGE(read_dashboard(other, "d.json", all).others, other);
    CHECK(taken(read_dashboard(R"({"panels": [1, null, {"targets": [1, {"expr": 2}]}]})", "d.json", all)));
  }

  TEST_CASE("what asks for a lost metric is lost, and so is what builds on it; other exporters' are not") {
    std::vector<Query> all;
    REQUIRE(taken(read_rules(rules, "rules.yml", all)));
    const std::string ours =
        "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 1\nnode_systemd_unit_state{name=\"a\",state=\"failed\"} 0\n";
    CHECK(lost(all, ours) ==
          "HostHot: node_hwmon_temp_celsius is not there;\n"
          "instance:heat: node_hwmon_temp_celsius{job=\"node\"} is not there;\n"
          "HeatRises: the recording rule instance:heat loses something;\n");
    CHECK(lost(all, theirs_text) == "");
    const std::vector<Side> theirs{side(theirs_text)};
    CHECK(concerned(all, theirs) == 4);
  }

  TEST_CASE("panels too; what a variable fills in is taken for granted") {
    std::vector<Query> all;
    REQUIRE(taken(read_dashboard(dashboard, "d.json", all)));
    const std::string ours =
        "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 1\nnode_uname_info 1\nnode_boot_time_seconds 5\n";
    CHECK(lost(all, ours) ==
          "Heat: node_hwmon_temp_celsius{chip=\"$chip\"} is not there;\nOld row: node_hwmon_fan_rpm is not there;\n"
          "chip: node_hwmon_chip_names is not there;\n");
  }

  TEST_CASE("matchers of labels count where their page has the label, and found something there") {
    const std::string theirs = "a{x=\"1\"} 1\na{x=\"2\"} 1\n", ours = "a{x=\"1\"} 1\n";
    CHECK(lost(one("a{x=\"2\"}"), ours, theirs) == "it: a{x=\"2\"} finds no series;\n");
    CHECK(lost(one("a{x=~\"2|3\"}"), ours, theirs) != "");
    CHECK(lost(one("a{x!~\"1\"}"), ours, theirs) != "");
    CHECK(lost(one("a{x!=\"1\"}"), ours, theirs) != "");
    CHECK(lost(one("a{x=~\".*\",job=\"node\"}"), ours, theirs) == "");
    CHECK(lost(one("a{x=\"3\"}"), ours, theirs) == "");  // it never found anything
    CHECK(lost(one("a{x=~\"1\"}"), ours, theirs) == "");
    CHECK(lost(one("a{x=\"1\"}"), "a 1\n", theirs) != "");
    CHECK(lost(one("a{x=~\"(\"}"), ours, theirs) == "");
    CHECK(lost(one("{__name__=~\"a|b\",x=\"2\"}"), ours, theirs) != "");
    CHECK(lost(one("{__name__=~\"a.*\"}"), "b 1\n", theirs) == "it: {__name__=~\"a.*\"} is not there;\n");
    CHECK(lost(one("{x=\"2\"}"), ours, theirs) == "");  // no name: of no exporter for certain
  }
}

}  // namespace usage_test
