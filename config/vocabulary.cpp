#include "config/vocabulary.hpp"

#include "config/general.hpp"
#include "config/peer_flags.hpp"
#include "config/process_options.hpp"
#include "config/watch_options.hpp"
#include "config/web_options.hpp"

#include <algorithm>

namespace vitald::config {

std::string switch_of(std::string_view collector) { return "collector." + std::string(collector); }

std::string_view collector_of(const Option& option) {
  constexpr std::string_view prefix = "collector.";
  if (option.kind != Option::Kind::boolean || !option.flag.starts_with(prefix)) return {};
  const auto name = option.flag.substr(prefix.size());
  return name.find('.') == name.npos && name != "disable-defaults" ? name : std::string_view{};
}

Vocabulary::Vocabulary(std::span<const Switch> collectors) {
  for (const auto& option : general_options()) add(option);
  for (const auto& option : process_options()) add(option);
  for (const auto& option : web_options()) add(option);
  for (const auto& option : watch_options()) add(option);
  for (const auto& collector : collectors) {
    add({.flag = names_.emplace_back(switch_of(collector.name)),
         .kind = Option::Kind::boolean,
         .initial = collector.on_by_default ? "true" : "false",
         .help = collector.about,
         .group = "Collectors"});
    for (auto option : collector.options) {
      if (option.group.empty()) option.group = "Options of collectors";
      add(option);
    }
  }
  for (const auto& option : peer_flags()) add(option);
}

// Who comes first has the flag: two collectors may share one, and the peer's rows stand back.
void Vocabulary::add(const Option& option) {
  const auto same = [&](const Option& other) { return other.flag == option.flag; };
  if (std::none_of(options_.begin(), options_.end(), same)) options_.push_back(option);
}

}  // namespace vitald::config
