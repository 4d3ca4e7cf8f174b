#include "config/file/group_name.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>
#include <iterator>

namespace vitald::config {
namespace {

using Part = GroupRules::Part;
using Kind = Part::Kind;

constexpr std::string_view blanks = " \t\r\n";

struct Field {
  std::string_view name;
  Part::Kind kind;
};
constexpr Field fields[] = {{".Comm", Kind::comm},        {".ExeBase", Kind::exe_base},
                            {".ExeFull", Kind::exe_full}, {".Username", Kind::username},
                            {".PID", Kind::pid},          {".StartTime", Kind::start_time},
                            {".Cgroups", Kind::cgroups}};

std::string not_known(std::string_view expression) {
  return std::string("{{")
      .append(expression)
      .append(
          "}} is none of .Comm, .ExeBase, .ExeFull, .Username, .PID, .StartTime, .Cgroups, .Matches.NAME, index "
          ".Cgroups "
          "NUMBER, index .Matches \"NAME\"");
}

bool quoted(std::string_view word, std::string& out) {
  if (word.size() < 2 || word.front() != word.back() || (word.front() != '"' && word.front() != '`')) return false;
  out = word.substr(1, word.size() - 2);
  return out.find_first_of("\\\"`") == out.npos;
}

bool indexed(std::string_view rest, Part& out) {
  const auto of = scan::take_word(rest), which = scan::trimmed(rest, blanks);
  if (of == ".Cgroups") {
    out.kind = Kind::cgroup;
    return scan::number(which, out.index);
  }
  out.kind = Kind::match;
  return of == ".Matches" && quoted(which, out.text);
}

// What stands between the braces.
bool parse_expression(std::string_view expression, Part& out) {
  constexpr std::string_view matches = ".Matches.";
  auto rest = expression;
  if (scan::take_word(rest) == "index") return indexed(rest, out);
  if (expression.starts_with(matches) && scan::plain(expression.substr(matches.size()))) {
    out = {Kind::match, std::string(expression.substr(matches.size()))};
    return true;
  }
  const auto found = std::ranges::find(fields, expression, &Field::name);
  if (found == std::end(fields)) return false;
  out.kind = found->kind;
  return true;
}

std::string_view without_blanks_at_end(std::string_view text) {
  const auto last = text.find_last_not_of(blanks);
  return text.substr(0, last == text.npos ? 0 : last + 1);
}

std::string_view without_blanks_at_start(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(blanks), text.size()));
}

void add_text(std::string_view text, std::vector<Part>& out) {
  if (!text.empty()) out.push_back({Part::Kind::text, std::string(text)});
}

}  // namespace

std::string parse_group_name(std::string_view rest, std::vector<Part>& out) {
  out.clear();
  bool trim = false;
  for (;;) {
    const auto open = rest.find("{{");
    auto before = rest.substr(0, open);
    if (trim) before = without_blanks_at_start(before);
    if (open == rest.npos) return add_text(before, out), std::string();
    rest.remove_prefix(open + 2);
    const auto close = rest.find("}}");
    if (close == rest.npos) return "{{ has no }} behind it";
    auto inside = rest.substr(0, close);
    rest.remove_prefix(close + 2);
    if (inside.size() > 1 && inside[0] == '-' && scan::blank(inside[1])) {
      before = without_blanks_at_end(before);
      inside.remove_prefix(1);
    }
    trim = inside.size() > 1 && inside.ends_with('-') && scan::blank(inside[inside.size() - 2]);
    if (trim) inside.remove_suffix(1);
    add_text(before, out);
    inside = scan::trimmed(inside, blanks);
    if (!parse_expression(inside, out.emplace_back())) return not_known(inside);
  }
}

}  // namespace vitald::config
