// Alert and recording rules, as Prometheus reads them. The only place here that knows yaml-cpp.
#include "daemon/diff/queries.hpp"

#include <yaml-cpp/yaml.h>

namespace vitald::diff {
namespace {

std::string text_of(const YAML::Node& node) { return node && node.IsScalar() ? node.Scalar() : std::string(); }

void take_group(const YAML::Node& group, const std::string& file, std::vector<Query>& out) {
  for (const auto& rule : group["rules"]) {
    if (!rule.IsMap()) continue;
    const auto alert = text_of(rule["alert"]), record = text_of(rule["record"]);
    out.push_back({file,
                   text_of(group["name"]),
                   alert.empty() ? "record" : "alert",
                   alert.empty() ? record : alert,
                   {text_of(rule["expr"])}});
  }
}

void take_document(const YAML::Node& document, const std::string& file, std::vector<Query>& out, bool& groups) {
  if (!document.IsMap()) return;
  const auto inside = document["spec"] && document["spec"].IsMap() ? document["spec"] : document;
  groups = groups || (inside["groups"] && inside["groups"].IsSequence());
  for (const auto& group : inside["groups"])
    if (group.IsMap()) take_group(group, file, out);
}

}  // namespace

std::string read_rules(std::string_view text, const std::string& file, std::vector<Query>& out) {
  try {
    bool groups = false;
    for (const auto& document : YAML::LoadAll(std::string(text))) take_document(document, file, out, groups);
    return groups ? "" : file + ": no rules are here: groups: is missing";
  } catch (const YAML::Exception& fault) {
    return file + ": " + fault.what();
  }
}

}  // namespace vitald::diff
