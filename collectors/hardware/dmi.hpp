#pragma once
#include "collectors/base/text.hpp"

namespace vitald::hardware {

// One of the firmware's texts.
void parse_dmi(std::string_view text, OptionalText& out);

}  // namespace vitald::hardware
