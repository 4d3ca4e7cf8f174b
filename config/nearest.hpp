#pragma once
// Which flag or key was meant by one that is not known.
#include "collectors/base/option.hpp"

#include <span>
#include <string>
#include <string_view>

namespace vitald::config {

// The nearest flag, with its dashes ("--no-collector.cpu"); empty when none is near.
std::string nearest(std::string_view word, std::span<const Option> options);

// The nearest key of a configuration file, a setting or the beginning of some ("collector.filesystem").
std::string nearest_key(std::string_view word, std::span<const Option> options);

}  // namespace vitald::config
