// Grafana's dashboards. The only place here that knows nlohmann's JSON.
#include "daemon/diff/queries.hpp"

#include <nlohmann/json.hpp>

namespace vitald::diff {
namespace {

using Json = nlohmann::json;

const Json& member(const Json& object, const char* name) {
  static const Json none;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : none;
}
std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

// "expr" of a panel's target; "query" where a variable keeps it, as a text or within an object.
std::string expression_of(const Json& object) {
  auto text = text_of(member(object, "expr"));
  if (text.empty()) text = text_of(member(object, "query"));
  return text.empty() ? text_of(member(member(object, "query"), "query")) : text;
}

class Dashboard {
 public:
  Dashboard(const std::string& file, std::string title, std::vector<Query>& out)
      : file_(file), title_(std::move(title)), out_(out) {}

  void take_panels(const Json& holder, int depth = 0) {
    if (depth > 8) return;
    for (const auto* kind : {"panels", "rows"})
      for (const auto& panel : member(holder, kind)) {
        Query query{file_, title_, "panel", text_of(member(panel, "title")), {}, Dialect::panel};
        for (const auto& target : member(panel, "targets"))
          if (auto text = expression_of(target); !text.empty()) query.expressions.push_back(std::move(text));
        if (!query.expressions.empty()) out_.push_back(std::move(query));
        take_panels(panel, depth + 1);
      }
  }

  void take_list(const Json& holder, const char* kind) {
    for (const auto& each : member(holder, "list"))
      if (auto text = expression_of(each); !text.empty())
        out_.push_back({file_, title_, kind, text_of(member(each, "name")), {std::move(text)}, Dialect::panel});
  }

 private:
  const std::string& file_;
  std::string title_;
  std::vector<Query>& out_;
};

}  // namespace

std::string read_dashboard(std::string_view text, const std::string& file, std::vector<Query>& out) {
  const auto whole = Json::parse(text, nullptr, false);
  if (!whole.is_object()) return file + ": this is no JSON object";
  const auto& json = member(whole, "dashboard").is_object() ? member(whole, "dashboard") : whole;
  if (!member(json, "panels").is_array() && !member(json, "rows").is_array())
    return file + ": no dashboard is here: panels is missing";
  Dashboard dashboard(file, text_of(member(json, "title")), out);
  dashboard.take_panels(json);
  dashboard.take_list(member(json, "templating"), "variable");
  dashboard.take_list(member(json, "annotations"), "annotation");
  return {};
}

}  // namespace vitald::diff
