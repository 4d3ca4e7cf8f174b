#pragma once
// The text of --help, in 80 columns. Hidden options are left out.
#include "collectors/base/option.hpp"

#include <span>
#include <string>

namespace vitald::config {

std::string help_text(std::span<const Option> options);

}  // namespace vitald::config
