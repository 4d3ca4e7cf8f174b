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

http::Configuration configuration_of(const Options& options, const Loaded& loaded) {
  http::Configuration made;
  made.generation = loaded.generation;
  made.files = loaded.files;
  for (auto& each : config::effective(options, loaded.from_files, loaded.vocabulary))
    made.settings.push_back({std::string(each.option->flag), kind_of(each.option->kind), each.option->repeatable,
                             std::move(each.values), std::move(each.origin), each.option->reload, each.option->secret});
  return made;
}

}  // namespace vitald
