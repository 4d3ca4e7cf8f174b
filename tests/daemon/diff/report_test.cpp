#include "daemon/diff/report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace diff_report_test {

using namespace vitald;
using namespace vitald::diff;

namespace {

Report report() {
  Report made;
  made.ours = {"http://a/metrics", "vitald", "0.1.0", 2, 3};
  made.theirs = {{"http://b/metrics", "node_exporter", "1.5.0", 1, 1}};
  for (const char* family : {"node_a", "node_b", "node_c"})
    made.findings.push_back(
        {What::lost_series, family, std::string(family) + "{device=\"x\"}", 1, "", false, "http://b/metrics"});
  made.findings.push_back({What::lost_family, "node_d", "", 4, "collector d is off", false, "http://b/metrics"});
  made.findings.push_back({What::changed_value, "node_e", "node_e 1 is now 2", 1, "", false, "http://b/metrics"});
  made.findings.push_back({What::lost_family, "go_info", "", 1, "of Go", true, "http://b/metrics"});
  return made;
}

}  // namespace

TEST_SUITE("diff/report") {
  TEST_CASE("for people: by device and by family, what is known behind it") {
    Out out;
    write_text(report(), out);
    CHECK(out.view() ==
          "ours:   vitald 0.1.0 at http://a/metrics: 2 families, 3 series\n"
          "theirs: node_exporter 1.5.0 at http://b/metrics: 1 family, 1 series\n"
          "\nLost\n"
          "  lost series: {device=\"x\"} in 3 families\n"
          "    node_a, node_b, node_c\n"
          "  lost families: collector d is off\n"
          "    node_d (4 series)\n"
          "\nChanged\n"
          "  changed value: node_e\n"
          "    node_e 1 is now 2\n"
          "\nKnown, and no faults\n"
          "  theirs alone: of Go\n"
          "    go_info\n"
          "\nLost: 4, changed: 1, gained: 0; known and no faults: 1\n");
  }

  TEST_CASE("as JSON: everything") {
    auto made = report();
    const Query query{"r.yml", "hosts", "alert", "Hot \"1\"", {"x"}};
    made.queries = 2, made.concerned = 1;
    made.losses = {{&query, {"node_d is not there"}}};
    Out out;
    write_json(made, out);
    const auto json = nlohmann::json::parse(out.view());
    CHECK(json["ours"]["series"] == 3);
    CHECK(json["theirs"][0]["version"] == "1.5.0");
    CHECK(json["findings"].size() == 6);
    CHECK(json["findings"][5]["explained"] == true);
    CHECK(json["queries"]["lost"][0]["name"] == "Hot \"1\"");
    CHECK(json["lost_something"] == true);
  }

  TEST_CASE("nothing lost is told, too; a lost rule is a loss") {
    Report made;
    CHECK(!made.lost_something());
    made.findings = {{What::lost_family, "go_info", "", 1, "of Go", true}, {What::gained_family, "x", "", 1}};
    CHECK(!made.lost_something());
    const Query query{};
    made.losses = {{&query, {}}};
    CHECK(made.lost_something());
  }
}

}  // namespace diff_report_test
