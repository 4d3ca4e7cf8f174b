#include "config/file/group_file.hpp"

#include "collectors/base/filter.hpp"
#include "config/file/group_name.hpp"
#include "config/file/text_file.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace vitald::config {
namespace {

constexpr std::size_t most_rules = 10'000, most_group_faults = 50;

class GroupReading {
 public:
  GroupReading(const std::string& file, GroupFile& out) : file_(file), out_(out) {}

  void document(const YAML::Node& root) {
    bool any = false;
    if (root.IsNull() || !root.IsDefined()) return fault(root, "process_names is missing");
    if (!root.IsMap()) return fault(root, "a map with the key process_names is wanted");
    each_key(root, "", [&](const std::string& key, const YAML::Node& value) {
      if (key != "process_names") return false;
      any = true;
      rules(value);
      return true;
    });
    if (!any) fault(root, "process_names is missing");
  }
  void fault(const YAML::Mark& mark, const std::string& text) {
    if (out_.errors.size() < most_group_faults)
      out_.errors.push_back(file_ + ":" + std::to_string(std::max(mark.line, 0) + 1) + ": " + text);
  }

 private:
  void fault(const YAML::Node& node, const std::string& text) { fault(node.Mark(), text); }

  // `take` is false for keys that it does not know.
  template <class Take>
  void each_key(const YAML::Node& map, const std::string& where, Take&& take) {
    std::vector<std::string> seen;
    for (const auto& pair : map) {
      if (!pair.first.IsScalar()) {
        fault(pair.first, where + "a key is no text");
        continue;
      }
      const auto& key = pair.first.Scalar();
      if (std::ranges::find(seen, key) != seen.end()) fault(pair.first, where + key + " stands twice");
      seen.push_back(key);
      if (!take(key, pair.second)) fault(pair.first, where + key + " is not known");
    }
  }

  void rules(const YAML::Node& list) {
    if (!list.IsSequence()) return fault(list, "process_names is a list");
    if (list.size() > most_rules) return fault(list, "process_names has more than 10000 rules");
    for (const auto& item : list) rule(item, "process_names[" + std::to_string(out_.rules.rules.size()) + "]");
  }

  void rule(const YAML::Node& node, const std::string& where) {
    auto& made = out_.rules.rules.emplace_back();
    if (!node.IsMap()) return fault(node, where + " is a map of name, comm, exe and cmdline");
    made.name = {{GroupRules::Part::Kind::exe_base}};
    each_key(node, where + ".", [&](const std::string& key, const YAML::Node& value) {
      if (key == "name") return name(value, where + ".name", made), true;
      if (key == "comm") return texts(value, where + ".comm", made.comm), true;
      if (key == "exe") return texts(value, where + ".exe", made.exe), true;
      if (key == "cmdline") return expressions(value, where + ".cmdline", made.cmdline), true;
      return false;
    });
    if (made.comm.empty() && made.exe.empty() && made.cmdline.empty())
      fault(node, where + " selects nothing: give it comm, exe or cmdline");
  }

  void name(const YAML::Node& node, const std::string& where, GroupRules::Rule& made) {
    if (!node.IsScalar()) return fault(node, where + " is one text");
    const auto why = parse_group_name(node.Scalar(), made.name);
    if (!why.empty())
      fault(node, where + ": " + why);
    else if (made.name.empty())
      fault(node, where + " is empty");
  }

  void texts(const YAML::Node& node, const std::string& where, std::vector<std::string>& out) {
    if (!node.IsSequence()) return fault(node, where + " is a list of texts");
    for (const auto& item : node) {
      if (item.IsScalar())
        out.push_back(item.Scalar());
      else
        fault(item, where + " is a list of texts");
    }
  }

  void expressions(const YAML::Node& node, const std::string& where, std::vector<std::string>& out) {
    texts(node, where, out);
    if (!node.IsSequence()) return;
    for (const auto& item : node) {
      if (!item.IsScalar()) continue;
      const auto why = fault_of_expression(item.Scalar());
      if (!why.empty()) fault(item, where + ": " + item.Scalar() + ": " + why);
    }
  }

  const std::string& file_;
  GroupFile& out_;
};

}  // namespace

GroupFile group_rules_of(std::string_view yaml, const std::string& file) {
  GroupFile made;
  GroupReading reading(file, made);
  try {
    reading.document(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& wrong) {
    reading.fault(wrong.mark, wrong.msg);
  }
  return made;
}

GroupFile read_group_file(const std::string& path) {
  std::string text;
  if (const auto why = read_text_file(path, text); !why.empty()) return {{}, {path + ": " + why}};
  return group_rules_of(text, path);
}

}  // namespace vitald::config
