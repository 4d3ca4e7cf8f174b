#include "config/effective.hpp"

#include "config/vocabulary.hpp"

#include <algorithm>

namespace vitald::config {
namespace {

constexpr std::size_t remark_column = 56;
constexpr std::string_view default_origin = "default";

bool shown(const Option& option, const Options& options) {
  if (!option.was_for.empty() || option.flag_only) return false;
  return option.support == Option::Support::full || options.given(option.flag);
}

constexpr std::string_view no_defaults = "collector.disable-defaults";

// On by default, and off because the defaults are.
bool is_disabled(const Option& option, const Options& options) {
  return !collector_of(option).empty() && !options.given(option.flag) && options.on(option.flag) &&
         options.on(no_defaults);
}

std::string origin_of(std::string_view flag, const Options& given, const Places& from_files) {
  if (!given.given(flag)) return std::string(default_origin);
  const auto at = from_files.find(flag);
  return at == from_files.end() ? "--" + std::string(flag) : to_string(at->second);
}

// The password of a URL is a secret wherever it stands.
std::string without_password(std::string text) {
  const auto scheme = text.find("://");
  if (scheme == text.npos) return text;
  const auto from = scheme + 3, end = text.find_first_of("/?#", from);
  const auto at = text.substr(0, end).rfind('@');
  const auto colon = text.find(':', from);
  if (at == text.npos || at < from || colon >= at) return text;
  return text.replace(colon + 1, at - colon - 1, "(secret)");
}

std::string written(const Effective& setting) {
  if (!setting.option->repeatable) return yaml_scalar(setting.values.empty() ? "" : setting.values.back());
  std::string list = "[";
  for (const auto& value : setting.values) list.append(list.size() > 1 ? ", " : "").append(yaml_scalar(value));
  return list + "]";
}

bool plain(std::string_view text) {
  if (text.empty() || text.front() == '-' || text == "null" || text == "Null" || text == "NULL") return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./-").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::vector<Effective> effective(const Options& given, const Places& from_files, std::span<const Option> options) {
  std::vector<Effective> all;
  for (const auto& option : options) {
    if (!shown(option, given)) continue;
    auto values = given.values(option.flag);
    for (auto& value : values)
      value = option.secret && !value.empty() ? "(secret)" : without_password(std::move(value));
    const bool disabled = is_disabled(option, given);
    if (disabled) values = {"false"};
    all.push_back({&option, std::move(values), origin_of(disabled ? no_defaults : option.flag, given, from_files)});
  }
  return all;
}

std::string yaml_scalar(std::string_view text) {
  if (plain(text)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

namespace {

// A default that would act as another once it was given: it is shown as a remark.
bool acts_when_given(const Effective& setting, std::span<const Effective> all) {
  if (setting.origin != default_origin) return false;
  return (setting.option->repeatable && setting.values.empty()) || std::ranges::any_of(all, [&](const auto& other) {
           return other.option->flag == setting.option->excludes && other.origin != default_origin;
         });
}

}  // namespace

std::string to_yaml(std::span<const Effective> settings) {
  std::string text;
  for (const auto& setting : settings) {
    auto line = std::string(acts_when_given(setting, settings) ? "# " : "").append(setting.option->flag);
    line.append(": ").append(written(setting)).append("  ");
    if (line.size() < remark_column) line.resize(remark_column, ' ');
    text.append(line).append("# ").append(setting.origin).append("\n");
  }
  return text;
}

}  // namespace vitald::config
