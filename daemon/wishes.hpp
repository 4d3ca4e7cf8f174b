#pragma once
// What the operator wants: the settings, and the options from which they come and which collectors read.
#include "collectors/base/group_rules.hpp"
#include "config/command_line.hpp"
#include "config/settings.hpp"

#include <functional>
#include <memory>

namespace vitald {

struct Wishes {
  config::Settings settings;
  config::Parsed parsed;                                    // with errors, the settings are not to be used
  std::span<const Option> vocabulary;                       // all options that there are
  std::shared_ptr<const GroupRules> group_rules = nullptr;  // of --process.config.file
};

// Reads the configuration (anew); any thread, may wait for files.
using LoadWishes = std::function<Wishes()>;

}  // namespace vitald
