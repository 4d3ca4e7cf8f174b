#include "config/rules.hpp"

#include "collectors/base/duration.hpp"
#include "collectors/base/filter.hpp"
#include "collectors/base/scan.hpp"
#include "config/process_options.hpp"
#include "config/vocabulary.hpp"
#include "config/watch_options.hpp"

#include <algorithm>
#include <charconv>

namespace vitald::config {
namespace {

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

// The settings being checked, one after the other.
class Check {
 public:
  Check(std::span<const Given> given, Parsed& out) : given_(given), out_(out) {}

  void one(const Given& given) {
    const auto& option = *given.option;
    if (given.values.size() > 1 && !option.repeatable) fault(given, name_of(given) + " is given more than once");
    if (given.values.empty() && !option.initial.empty()) fault(given, name_of(given) + ": the list is empty");
    for (const auto& value : given.values) check(given, value);
    if (option.support == Option::Support::missing) tell_missing(given);
    if (option.support == Option::Support::no_effect)
      out_.warnings.push_back(name_of(given) + " is accepted but has no effect");
    give(given);
  }

  // As with the peer, an empty value excludes nothing.
  void pairs(std::span<const Option> options) {
    std::vector<std::pair<std::string_view, std::string_view>> told;
    for (const auto& option : options) {
      if (option.excludes.empty() || !set(option.flag) || !set(option.excludes)) continue;
      if (std::ranges::count(told, std::pair{option.excludes, option.flag}) != 0) continue;  // each may name the other
      told.emplace_back(option.flag, option.excludes);
      const auto &one = find(option.flag), &other = find(option.excludes);
      const auto& later = one.place.file.empty() ? other : one;
      fault(later,
            name_of(option.flag, one.place) + " and " + name_of(option.excludes, other.place) + " exclude each other");
    }
  }

 private:
  void fault(const Given& given, std::string text) {
    out_.errors.push_back(std::move(text));
    out_.fault_in_files |= !given.place.file.empty();
  }

  void check(const Given& given, std::string_view value) {
    const auto found = fault_of_value(*given.option, value);
    if (found.empty()) return;
    auto told = name_of(given);
    if (given.option->secret)
      told.append("=(secret)");
    else if (given.option->kind != Option::Kind::boolean)
      told.append("=").append(value);
    fault(given, told.append(": ").append(found));
  }

  // The peer's flags that are not here: switching off what is not there is no loss.
  void tell_missing(const Given& given) {
    const auto collector = collector_of(*given.option);
    if (!collector.empty() && given.values.back() != "true") return;
    if (!collector.empty()) out_.missing_collectors.emplace_back(collector);
    out_.unsupported_flags.emplace_back(given.option->flag);
    out_.warnings.push_back(name_of(given) + (collector.empty() ? " is not supported by this build and has no effect"
                                                                : " asks for a collector that is not in this build"));
  }

  void give(const Given& given) {
    const auto target = target_of(*given.option);
    if (target == given.option->flag) return put(target, given);
    const auto now = name_of(target, {}).substr(given.place.file.empty() ? 0 : 2);  // keys have no dashes
    out_.warnings.push_back(name_of(given) + " is deprecated, use " + now);
    const bool both = std::ranges::any_of(given_, [&](const Given& other) { return other.option->flag == target; });
    if (both) fault(given, name_of(given) + " is the old name of " + now + ", give only one of them");
    const bool twice = !both && out_.options.given(target);  // two old names of one flag
    if (twice) fault(given, name_of(given) + " is an old name of " + now + ", which is given already");
    if (!both && !twice) put(target, given);
  }

  void put(std::string_view flag, const Given& given) {
    out_.options.give(flag, given.values);
    if (!given.place.file.empty()) out_.from_files.emplace(flag, given.place);
  }

  bool set(std::string_view flag) const {
    return out_.options.given(flag) && !out_.options.text(flag).empty() && out_.options.text(flag) != "false";
  }
  const Given& find(std::string_view flag) const {
    return *std::ranges::find_if(given_, [&](const Given& each) { return target_of(*each.option) == flag; });
  }

  std::span<const Given> given_;
  Parsed& out_;
};

}  // namespace

std::string fault_of_value(const Option& option, std::string_view value) {
  auto fault = fault_of_kind(option, value);
  if (fault.empty() && option.check) fault = option.check(value);
  return fault;
}

void settle(std::span<const Given> given, std::span<const Option> options, Parsed& out) {
  for (const auto& option : options)
    if (option.was_for.empty()) out.options.declare(option);
  Check check(given, out);
  for (const auto& each : given) check.one(each);
  check.pairs(options);
  for (auto& fault : process_contradictions(out.options)) out.errors.push_back(std::move(fault));
  for (auto& fault : watch_contradictions(out.options)) out.errors.push_back(std::move(fault));
  out.help = out.options.on("help");
  out.version = out.options.on("version");
}

}  // namespace vitald::config
