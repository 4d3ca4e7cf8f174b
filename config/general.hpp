#pragma once
// The daemon's own options: what stands on the command line beside the collectors' flags.
#include "collectors/base/option.hpp"

#include <span>

namespace vitald::config {

std::span<const Option> general_options();

}  // namespace vitald::config
