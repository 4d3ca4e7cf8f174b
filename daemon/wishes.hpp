#pragma once
// What the operator wants: the settings, and the options from which they come and which collectors read.
#include "config/command_line.hpp"
#include "config/settings.hpp"

#include <functional>

namespace vitald {

struct Wishes {
  config::Settings settings;
  config::Parsed parsed;               // with errors, the settings are not to be used
  std::span<const Option> vocabulary;  // all options that there are
};

// Reads the configuration (anew); any thread, may wait for files.
using LoadWishes = std::function<Wishes()>;

}  // namespace vitald
