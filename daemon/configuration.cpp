#include "daemon/configuration.hpp"

#include "config/effective.hpp"

namespace vitald {
namespace {

using Setting = http::Configuration::Setting;

Setting::Kind kind_of(Option::Kind kind) {
  if (kind == Option::Kind::boolean) return Setting::Kind::boolean;
  return kind == Option::Kind::integer ? Setting::Kind::integer : Setting::Kind::text;
}

}  // namespace

http::Configuration configuration_of(const config::Parsed& parsed, std::span<const Option> vocabulary,
                                     std::uint64_t generation) {
  http::Configuration made;
  made.generation = generation;
  made.files = parsed.files;
  for (auto& each : config::effective(parsed.options, parsed.from_files, vocabulary))
    made.settings.push_back({std::string(each.option->flag), kind_of(each.option->kind), each.option->repeatable,
                             std::move(each.values), std::move(each.origin), each.option->reload, each.option->secret});
  return made;
}

}  // namespace vitald
