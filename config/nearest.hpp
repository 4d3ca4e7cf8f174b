#pragma once
// Which flag was meant by one that is not known.
#include "collectors/base/option.hpp"

#include <span>
#include <string>
#include <string_view>

namespace vitald::config {

// The nearest flag, with its dashes ("--no-collector.cpu"); empty when none is near.
std::string nearest(std::string_view word, std::span<const Option> options);

}  // namespace vitald::config
