// Grafana's dashboards. The only place here that knows nlohmann's JSON.
#include "daemon/diff/queries.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace vitald::diff {
namespace {

using Json = nlohmann::json;

constexpr int most_deep = 8;  // panels in rows in rows

const Json& member(const Json& object, const char* name) {
  static const Json none;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : none;
}
std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

// "metrics(node_.*)" of a variable asks for names.
std::string as_promql(std::string text) {
  constexpr std::string_view call = "metrics(";
  if (!text.starts_with(call) || !text.ends_with(')')) return text;
  return "{__name__=~\"" + text.substr(call.size(), text.size() - call.size() - 1) + "\"}";
}

// "expr" of a panel's target; "query" where a variable keeps it, as a text or within an object; "target" of an
// annotation.
std::string expression_of(const Json& object) {
  auto text = text_of(member(object, "expr"));
  if (text.empty()) text = text_of(member(object, "query"));
  if (text.empty()) text = text_of(member(member(object, "query"), "query"));
  return as_promql(text.empty() ? text_of(member(member(object, "target"), "expr")) : text);
}

class Dashboard {
 public:
  Dashboard(const std::string& file, std::string title, std::vector<Query>& out)
      : file_(file), title_(std::move(title)), out_(out) {}

  // Library panels lie beside the others, or are only named.
  void take_all(const Json& dashboard) {
    take_panels(dashboard);
    for (const auto& element : member(dashboard, "__elements")) take_panel(member(element, "model"), 0);
    take_list(member(dashboard, "templating"), "variable");
    take_list(member(dashboard, "annotations"), "annotation");
    for (const auto& [uid, name] : library_)
      if (!member(dashboard, "__elements").contains(uid))
        remarks_.push_back("the library panel \"" + name + "\" is not in this file, and was not looked at");
  }
  std::vector<std::string> remarks() && { return std::move(remarks_); }

 private:
  void take_panels(const Json& holder, int depth = 0) {
    if (depth > most_deep) return;
    for (const auto* kind : {"panels", "rows"})
      for (const auto& panel : member(holder, kind)) take_panel(panel, depth);
  }

  void take_panel(const Json& panel, int depth) {
    Query query{file_, title_, "panel", on_one_line(text_of(member(panel, "title"))), {}, Dialect::panel};
    for (const auto& target : member(panel, "targets"))
      if (auto text = expression_of(target); !text.empty()) query.expressions.push_back(std::move(text));
    if (!query.expressions.empty()) out_.push_back(std::move(query));
    if (const auto& library = member(panel, "libraryPanel"); library.is_object()) {
      if (member(library, "model").is_object() && depth < most_deep)
        take_panel(member(library, "model"), most_deep);
      else
        library_.emplace(text_of(member(library, "uid")), on_one_line(text_of(member(library, "name"))));
    }
    take_panels(panel, depth + 1);
  }

  void take_list(const Json& holder, const char* kind) {
    for (const auto& each : member(holder, "list"))
      if (auto text = expression_of(each); !text.empty())
        out_.push_back(
            {file_, title_, kind, on_one_line(text_of(member(each, "name"))), {std::move(text)}, Dialect::panel});
  }

  const std::string& file_;
  std::string title_;
  std::vector<Query>& out_;
  std::map<std::string, std::string> library_;  // names by uid
  std::vector<std::string> remarks_;
};

}  // namespace

std::string on_one_line(std::string text) {
  std::ranges::replace_if(text, is_control, ' ');
  return text;
}

QueriesRead read_dashboard(std::string_view text, const std::string& file, std::vector<Query>& out) {
  const auto whole = Json::parse(text, nullptr, false);
  if (!whole.is_object()) return {"this is no JSON object"};
  const Json* json = &whole;
  for (const char* wrapped : {"dashboard", "spec"})
    if (member(whole, wrapped).is_object()) json = &member(whole, wrapped);
  if (!member(*json, "panels").is_array() && !member(*json, "rows").is_array()) return {{}, true};
  Dashboard dashboard(file, on_one_line(text_of(member(*json, "title"))), out);
  dashboard.take_all(*json);
  return {{}, false, std::move(dashboard).remarks()};
}

}  // namespace vitald::diff
