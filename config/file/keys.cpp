#include "config/file/keys.hpp"

#include "config/nearest.hpp"

#include <algorithm>
#include <optional>

namespace vitald::config {
namespace {

constexpr std::string_view enabled = ".enabled";
constexpr std::size_t most_errors = 50;  // nobody reads more at once

bool leads_to(std::string_view section, const Option& option) {
  return option.flag.size() > section.size() && option.flag.starts_with(section) && option.flag[section.size()] == '.';
}

std::optional<std::string> as_boolean(std::string_view text) {
  for (const auto* yes : {"true", "True", "TRUE"})
    if (text == yes) return "true";
  for (const auto* no : {"false", "False", "FALSE"})
    if (text == no) return "false";
  return std::nullopt;
}

class Taking {
 public:
  Taking(const std::string& file, std::span<const Option> options) : file_(file), options_(options) {}

  void take(Leaf& leaf) {
    std::string key;
    for (const auto& part : leaf.path) {
      key.append(key.empty() ? "" : ".").append(part.text);
      const bool last = &part == &leaf.path.back();
      if (const auto* option = find(key); last && option) return take(*option, part.line, leaf);
      if (!last && is_section(key)) continue;
      if (last && leaf.kind == Leaf::Kind::nothing && is_section(key)) return;  // all in it is commented out
      return unknown(key, part.line, !last);
    }
  }
  void fault(std::size_t line, const std::string& text) {
    out.errors.push_back(to_string(Place{file_, line}) + ": " + text);
  }

  FileSettings out;

 private:
  const Option* find(std::string_view key) const {
    const auto named = [&](std::string_view name) {
      const auto at = std::ranges::find(options_, name, &Option::flag);
      return at == options_.end() ? nullptr : &*at;
    };
    if (const auto* option = named(key)) return option;
    if (!key.ends_with(enabled)) return nullptr;
    const auto* option = named(key.substr(0, key.size() - enabled.size()));
    return option && option->kind == Option::Kind::boolean ? option : nullptr;
  }
  bool is_section(std::string_view key) const {
    const auto* option = find(key);  // a switch has "enabled" below it
    return (option && option->flag == key && option->kind == Option::Kind::boolean) ||
           std::ranges::any_of(options_, [&](const Option& each) { return leads_to(key, each); });
  }

  // A section is told once, whatever is in it.
  void unknown(const std::string& key, std::size_t line, bool section) {
    if (section && std::ranges::count(told_, key) != 0) return;
    told_.push_back(key);
    const auto meant = nearest_key(key, options_);
    if (section && find(key)) return fault(line, key + " is a setting, and has none below it");
    fault(line, "unknown key " + key + (meant.empty() ? "" : ", did you mean " + meant + "?"));
  }

  void take(const Option& option, std::size_t line, Leaf& leaf) {
    const std::string key(option.flag);
    if (option.flag_only) return fault(line, key + " is a flag, it cannot stand in a file");
    if (leaf.kind == Leaf::Kind::nothing) return fault(line, key + " has no value; an empty one is \"\"");
    if (leaf.kind == Leaf::Kind::list && !option.repeatable)
      return fault(line, key + " takes one value, no list; a value that begins with [ or { stands in quotes");
    const auto same = [&](const Given& each) { return each.option == &option; };
    if (const auto before = std::ranges::find_if(out.given, same); before != out.given.end())
      return fault(line, key + " stands in line " + std::to_string(before->place.line) + " already");
    Given given{&option, std::move(leaf.values), {file_, line}};
    if (option.kind == Option::Kind::boolean) {
      const auto value = as_boolean(given.values.front());
      if (!value) return fault(line, key + "=" + given.values.front() + ": it must be true or false");
      given.values = {*value};
    }
    out.given.push_back(std::move(given));
  }

  const std::string& file_;
  std::span<const Option> options_;
  std::vector<std::string> told_;
};

}  // namespace

FileSettings settings_of(std::string_view yaml, const std::string& file, std::span<const Option> options) {
  Taking taking(file, options);
  auto leaves = read_leaves(yaml);
  for (const auto& fault : leaves.faults) taking.fault(fault.line, fault.text);
  for (auto& leaf : leaves.all)
    if (taking.out.errors.size() < most_errors) taking.take(leaf);
  if (taking.out.errors.size() >= most_errors) taking.out.errors.push_back(file + ": there may be more faults");
  return std::move(taking.out);
}

}  // namespace vitald::config
