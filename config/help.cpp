#include "config/help.hpp"

#include <algorithm>

namespace vitald::config {
namespace {

constexpr std::size_t width = 80, indent = 10, column = 38;

std::size_t breaking_point(std::string_view text, std::size_t room) {
  if (text.size() <= room) return text.size();
  const auto blank = text.rfind(' ', room);
  return blank == text.npos || blank == 0 ? room : blank;  // a long default has no blank
}

std::string heading_of(const Option& option) {
  if (option.flag == "help") return "  -h, --help";
  auto heading = std::string("  --").append(has_no_form(option) ? "[no-]" : "").append(option.flag);
  const auto value = placeholder(option);
  return value.empty() ? heading : heading.append("=").append(value);
}

// On the flag's line where both fit.
std::string described(const Option& option) {
  auto heading = heading_of(option);
  const auto told = default_of(option);
  const auto initial = told.empty() ? told : "(" + told + ")";
  const auto together = std::string(option.help) + (initial.empty() ? "" : " ") + initial;
  if (heading.size() < column && together.size() <= width - column) {
    heading.resize(column, ' ');
    return heading + together + "\n";
  }
  heading += "\n";
  if (together.size() <= width - indent || initial.size() <= (width - indent) / 2)
    return heading + wrapped(together, indent);
  return heading + wrapped(option.help, indent) + wrapped(initial, indent);
}

}  // namespace

bool is_shown(const Option& option) {
  return !option.hidden && option.was_for.empty() && option.support != Option::Support::missing;
}

std::string_view group_of(const Option& option) { return option.group.empty() ? "General" : option.group; }

std::vector<std::string_view> groups_of(std::span<const Option> options) {
  std::vector<std::string_view> groups;
  for (const auto& option : options)
    if (is_shown(option) && std::ranges::count(groups, group_of(option)) == 0) groups.push_back(group_of(option));
  return groups;
}

bool has_no_form(const Option& option) { return option.kind == Option::Kind::boolean && !option.flag_only; }

std::string_view placeholder(const Option& option) {
  if (option.is_path) return "PATH";
  switch (option.kind) {
    case Option::Kind::boolean: return {};
    case Option::Kind::text: return "TEXT";
    case Option::Kind::integer: return "NUMBER";
    case Option::Kind::duration: return "TIME";
    case Option::Kind::regexp: return "REGEXP";
  }
  return {};
}

std::string default_of(const Option& option) {
  if (option.support == Option::Support::no_effect) return {};
  if (option.kind != Option::Kind::boolean) return std::string(option.initial);
  return !has_no_form(option) ? "" : option.initial == "true" ? "on" : "off";
}

std::string wrapped(std::string_view text, std::size_t blanks, std::size_t columns) {
  std::string out;
  while (!text.empty()) {
    const auto at = breaking_point(text, columns - blanks);
    out.append(blanks, ' ').append(text.substr(0, at)).push_back('\n');
    text.remove_prefix(at);
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  return out;
}

std::string help_text(std::span<const Option> options) {
  std::string out =
      "Usage: vitald [--FLAG[=VALUE]]...\n"
      "       vitald check [--FLAG[=VALUE]]...  What user and machine let it see.\n"
      "       vitald health [URL]               Asks a running daemon whether it lives.\n"
      "       vitald ps [FILTER=VALUE]...       Processes; see vitald ps --help.\n"
      "       vitald watch NAME|PATH     What happens there; see vitald watch --help.\n"
      "       vitald diff URL...                Compares pages; see vitald diff --help.\n"
      "Shows this machine's state to Prometheus and over HTTP. Defaults in brackets.\n";
  for (const auto group : groups_of(options)) {
    out.append("\n").append(group).append(":\n");
    for (const auto& option : options)
      if (is_shown(option) && group_of(option) == group) out += described(option);
  }
  return out;
}

}  // namespace vitald::config
