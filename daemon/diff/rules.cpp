// Alert and recording rules, as Prometheus reads them. The only place here that knows yaml-cpp.
#include "collectors/base/scan.hpp"
#include "daemon/diff/queries.hpp"

#include <yaml-cpp/yaml.h>

namespace vitald::diff {
namespace {

constexpr int most_deep = 4;  // lists of lists

// The member of a map, also where it is merged in: "<<: *other".
YAML::Node member(const YAML::Node& map, const char* name, int depth = 0) {
  if (!map.IsMap() || depth > most_deep) return {};
  if (const auto own = map[name]; own.IsDefined()) return own;
  const auto merged = map["<<"];
  if (!merged.IsDefined()) return {};
  if (merged.IsMap()) return member(merged, name, depth + 1);
  for (const auto& each : merged)
    if (const auto found = member(each, name, depth + 1); found.IsDefined() && !found.IsNull()) return found;
  return {};
}

std::string text_of(const YAML::Node& map, const char* name) {
  const auto found = member(map, name);
  return found.IsDefined() && found.IsScalar() ? found.Scalar() : std::string();
}

void take_group(const YAML::Node& group, const std::string& file, std::vector<Query>& out) {
  for (const auto& rule : group["rules"]) {
    if (!rule.IsMap()) continue;
    const auto alert = text_of(rule, "alert"), record = text_of(rule, "record");
    out.push_back({file,
                   on_one_line(text_of(group, "name")),
                   alert.empty() ? "record" : "alert",
                   on_one_line(alert.empty() ? record : alert),
                   {text_of(rule, "expr")}});
  }
}

// Prometheus's own file, one of Kubernetes's, or a list of these.
void take_document(const YAML::Node& document, const std::string& file, std::vector<Query>& out, bool& groups,
                   int depth = 0) {
  if (!document.IsMap()) return;
  if (const auto items = document["items"]; items && items.IsSequence() && depth < most_deep)
    for (const auto& item : items) take_document(item, file, out, groups, depth + 1);
  const auto inside = document["spec"] && document["spec"].IsMap() ? document["spec"] : document;
  groups = groups || inside["groups"].IsDefined();
  for (const auto& group : inside["groups"])
    if (group.IsMap()) take_group(group, file, out);
}

}  // namespace

QueriesRead read_rules(std::string_view text, const std::string& file, std::vector<Query>& out) {
  try {
    bool groups = false;
    for (const auto& document : YAML::LoadAll(std::string(text))) take_document(document, file, out, groups);
    return {{}, !groups && !scan::trimmed(text, " \t\r\n").empty()};
  } catch (const YAML::Exception& fault) {
    return {fault.what()};
  }
}

}  // namespace vitald::diff
