// A strict reader of OpenMetrics 1.0.0, for tests: heads, types, names that belong together, and the end.
#include "collectors/base/scan.hpp"
#include "tests/support/whole_host.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace vitald::test {
namespace {

using Names = std::vector<std::string_view>;

// What the samples of a family may end in, and what else belongs to its name.
const std::map<std::string_view, Names, std::less<>> endings = {
    {"gauge", {""}},
    {"unknown", {""}},
    {"counter", {"_total"}},
    {"histogram", {"_bucket", "_sum", "_count"}},
    {"summary", {"", "_sum", "_count"}},
};

class Reader {
 public:
  std::string fault_of(std::string_view text) {
    if (!text.ends_with("\n# EOF\n") && text != "# EOF\n") return "the end is missing";
    for (std::size_t line = 1; !text.empty(); ++line)
      if (const auto fault = fault_of_line(scan::take_line(text)); !fault.empty())
        return "line " + std::to_string(line) + ": " + fault;
    return {};
  }

 private:
  std::string fault_of_line(std::string_view line) {
    if (ended_) return "something behind the end";
    if (line == "# EOF") return ended_ = true, "";
    if (!line.starts_with("# ")) return fault_of_sample(line);
    line.remove_prefix(2);
    const auto what = scan::take_until(line, ' ');
    const auto name = scan::take_until(line, ' ');
    if (what == "TYPE") return begin(name, line);
    if (name != family_ || sampled_) return "told of another family than TYPE, or behind samples";
    if (what == "UNIT") return name.ends_with(std::string("_").append(line)) ? "" : "the name does not end in the unit";
    return what == "HELP" ? fault_of_help(line) : "no such remark";
  }

  std::string begin(std::string_view name, std::string_view type) {
    const auto known = endings.find(type);
    if (known == endings.end()) return "no such type";
    family_ = name;
    endings_ = &known->second;
    sampled_ = false;
    std::set<std::string> mine{std::string(name)};
    for (const auto ending : *endings_) mine.insert(std::string(name).append(ending));
    if (type != "gauge" && type != "unknown") mine.insert(std::string(name) + "_created");
    for (const auto& each : mine)
      if (!taken_.insert(each).second) return "the name clashes with another family's: " + each;
    return {};
  }

  static std::string fault_of_help(std::string_view text) {
    for (bool escaped = false; const char c : text) {
      if (c == '"' && !escaped) return "a quote in the help without its backslash";
      escaped = c == '\\' && !escaped;
    }
    return {};
  }

  std::string fault_of_sample(std::string_view line) {
    sampled_ = true;
    const auto name = line.substr(0, line.find_first_of("{ "));
    if (!endings_ || !name.starts_with(family_)) return "a sample apart from its family";
    if (std::ranges::count(*endings_, name.substr(family_.size())) == 0) return "a name that the type does not have";
    const auto series = line.substr(0, line.rfind(' '));
    if (!series_.insert(series).second) return "a series twice";
    const auto value = line.substr(line.rfind(' ') + 1);
    const bool counts = endings_ == &endings.at("counter");
    return counts && (value.starts_with('-') || value == "NaN") ? "a counter below zero" : "";
  }

  std::string_view family_;
  const Names* endings_ = nullptr;
  bool sampled_ = false, ended_ = false;
  std::set<std::string> taken_;
  std::set<std::string_view> series_;
};

}  // namespace

std::string fault_of_open_metrics(std::string_view text) { return Reader().fault_of(text); }

}  // namespace vitald::test
