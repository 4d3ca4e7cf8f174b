#include "config/rules.hpp"

#include "collectors/base/duration.hpp"
#include "collectors/base/filter.hpp"
#include "collectors/base/scan.hpp"

#include <algorithm>
#include <charconv>

namespace vitald::config {
namespace {

std::string dashed(std::string_view flag) { return "--" + std::string(flag); }

std::string fault_of_integer(const Option& option, std::string_view value) {
  if (value.starts_with('+')) value.remove_prefix(1);
  std::int64_t number;
  if (value.starts_with('+') || !scan::number(value, number)) return "it is not a whole number";
  if (number < option.at_least) return "it must be at least " + std::to_string(option.at_least);
  return {};
}

std::string fault_of_duration(const Option& option, std::string_view value) {
  const auto time = parse_duration(value);
  if (!time) return "it is not a duration, such as 100ms or 5s";
  if (time->count() >= option.at_least) return {};
  if (option.at_least <= 0) return "it must not be negative";
  return "it must be at least " + std::to_string(option.at_least) + "ns";
}

std::string fault_of_kind(const Option& option, std::string_view value) {
  switch (option.kind) {
    case Option::Kind::boolean:
    case Option::Kind::text: return {};
    case Option::Kind::integer: return fault_of_integer(option, value);
    case Option::Kind::duration: return fault_of_duration(option, value);
    case Option::Kind::regexp: return fault_of_expression(value);
  }
  return {};
}

// "hwmon" for collector.hwmon; empty for what is no collector's switch.
std::string_view collector_of(const Option& option) {
  constexpr std::string_view prefix = "collector.";
  if (option.kind != Option::Kind::boolean || !option.flag.starts_with(prefix)) return {};
  const auto name = option.flag.substr(prefix.size());
  return name.find('.') == name.npos ? name : std::string_view{};
}

// The peer's flags that are not here: switching off what is not there is no loss.
void tell_missing(const Given& given, Parsed& out) {
  const auto collector = collector_of(*given.option);
  if (!collector.empty() && given.values.back() != "true") return;
  if (!collector.empty()) out.missing_collectors.emplace_back(collector);
  out.unsupported_flags.emplace_back(given.option->flag);
  out.warnings.push_back(dashed(given.option->flag) + (collector.empty()
                                                           ? " is not supported by this build and has no effect"
                                                           : " asks for a collector that is not in this build"));
}

void check_one(const Given& given, Parsed& out) {
  const auto& option = *given.option;
  if (given.values.size() > 1 && !option.repeatable)
    out.errors.push_back(dashed(option.flag) + " is given more than once");
  for (const auto& value : given.values)
    if (auto fault = fault_of_value(option, value); !fault.empty()) out.errors.push_back(std::move(fault));
  if (option.support == Option::Support::missing) tell_missing(given, out);
  if (option.support == Option::Support::no_effect)
    out.warnings.push_back(dashed(option.flag) + " is accepted but has no effect");
}

void give(std::span<const Given> given, const Given& each, Parsed& out) {
  const auto target = each.option->was_for;
  if (target.empty()) return out.options.give(each.option->flag, each.values);
  const auto old = dashed(each.option->flag);
  out.warnings.push_back(old + " is deprecated, use " + dashed(target));
  const bool both = std::ranges::any_of(given, [&](const Given& other) { return other.option->flag == target; });
  if (both) out.errors.push_back(old + " is the old name of " + dashed(target) + ", give only one of them");
  const bool twice = !both && out.options.given(target);  // two old names of one flag
  if (twice) out.errors.push_back(old + " is an old name of " + dashed(target) + ", which is given already");
  if (!both && !twice) out.options.give(target, each.values);
}

// As with the peer, an empty value excludes nothing.
void check_pairs(std::span<const Option> options, Parsed& out) {
  const auto set = [&](std::string_view flag) {
    return out.options.given(flag) && !out.options.text(flag).empty() && out.options.text(flag) != "false";
  };
  std::vector<std::pair<std::string_view, std::string_view>> told;
  for (const auto& option : options) {
    if (option.excludes.empty() || !set(option.flag) || !set(option.excludes)) continue;
    if (std::ranges::count(told, std::pair{option.excludes, option.flag}) != 0) continue;  // each may name the other
    told.emplace_back(option.flag, option.excludes);
    out.errors.push_back(dashed(option.flag) + " and " + dashed(option.excludes) + " exclude each other");
  }
}

}  // namespace

std::string fault_of_value(const Option& option, std::string_view value) {
  auto fault = fault_of_kind(option, value);
  if (fault.empty() && option.check) fault = option.check(value);
  if (fault.empty()) return {};
  auto told = dashed(option.flag);
  if (option.kind != Option::Kind::boolean) told.append("=").append(value);
  return told.append(": ").append(fault);
}

void settle(std::span<const Given> given, std::span<const Option> options, Parsed& out) {
  for (const auto& option : options)
    if (option.was_for.empty()) out.options.declare(option);
  for (const auto& each : given) {
    check_one(each, out);
    give(given, each, out);
  }
  check_pairs(options, out);
  out.help = out.options.on("help");
  out.version = out.options.on("version");
}

}  // namespace vitald::config
