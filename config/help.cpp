#include "config/help.hpp"

#include <algorithm>
#include <vector>

namespace vitald::config {
namespace {

constexpr std::size_t width = 80, indent = 10;

std::size_t breaking_point(std::string_view text, std::size_t room) {
  if (text.size() <= room) return text.size();
  const auto blank = text.rfind(' ', room);
  return blank == text.npos || blank == 0 ? room : blank;  // a long default has no blank
}

void wrap(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const auto at = breaking_point(text, width - indent);
    out.append(indent, ' ').append(text.substr(0, at)).push_back('\n');
    text.remove_prefix(at);
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
}

std::string_view placeholder(const Option& option) {
  switch (option.kind) {
    case Option::Kind::boolean: return {};
    case Option::Kind::text: return "=TEXT";
    case Option::Kind::integer: return "=NUMBER";
    case Option::Kind::duration: return "=TIME";
    case Option::Kind::regexp: return "=REGEXP";
  }
  return {};
}

bool plain_switch(const Option& option) { return option.flag == "help" || option.flag == "version"; }

std::string heading_of(const Option& option) {
  if (option.flag == "help") return "  -h, --help\n";
  const bool negatable = option.kind == Option::Kind::boolean && !plain_switch(option);
  return "  --" + std::string(negatable ? "[no-]" : "") + std::string(option.flag) + std::string(placeholder(option)) +
         "\n";
}

std::string default_of(const Option& option) {
  if (plain_switch(option) || option.support == Option::Support::no_effect || option.initial.empty()) return {};
  if (option.kind == Option::Kind::boolean) return option.initial == "true" ? "(on)" : "(off)";
  return "(" + std::string(option.initial) + ")";
}

void describe(const Option& option, std::string& out) {
  out += heading_of(option);
  const auto initial = default_of(option);
  const auto together = std::string(option.help) + (initial.empty() ? "" : " ") + initial;
  if (together.size() <= width - indent || initial.size() <= (width - indent) / 2) return wrap(together, out);
  wrap(option.help, out);
  wrap(initial, out);
}

bool shown(const Option& option) {
  return !option.hidden && option.was_for.empty() && option.support != Option::Support::missing;
}

std::string_view group_of(const Option& option) { return option.group.empty() ? "General" : option.group; }

}  // namespace

std::string help_text(std::span<const Option> options) {
  std::vector<std::string_view> groups;
  for (const auto& option : options)
    if (shown(option) && std::ranges::count(groups, group_of(option)) == 0) groups.push_back(group_of(option));
  std::string out =
      "Usage: vitald [--FLAG[=VALUE]]...\n"
      "       vitald diff URL...   Compares pages; see vitald diff --help.\n"
      "Shows this machine's state to Prometheus and over HTTP. Defaults in brackets.\n";
  for (const auto group : groups) {
    out.append("\n").append(group).append(":\n");
    for (const auto& option : options)
      if (shown(option) && group_of(option) == group) describe(option, out);
  }
  return out;
}

}  // namespace vitald::config
