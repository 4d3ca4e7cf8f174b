#pragma once
// What a PromQL expression asks for: names of metrics and matchers of labels. Nothing is evaluated, and what is no
// PromQL is passed by.
#include <string>
#include <string_view>
#include <vector>

namespace vitald::diff {

struct Matcher {
  enum class Op { equal, not_equal, matches, not_matches } op;
  std::string label, value;
  bool variable = false;  // its value is Grafana's to fill in
};

struct Selector {
  std::string name;  // empty: told by a matcher of __name__, or not at all
  std::vector<Matcher> matchers;
  bool variable = false;  // its name is Grafana's to fill in
};

enum class Dialect { rule, panel };  // a panel's has Grafana's variables: $name, ${name:regex}, [[name]]

std::vector<Selector> selectors(std::string_view expression, Dialect dialect = Dialect::rule);

}  // namespace vitald::diff
