#pragma once
#include "collectors/base/text.hpp"

namespace vitald::hardware {

// "mc#0csrow#1channel#0" is "mc0_csrow1_channel0"; nothing is "unknown".
void parse_dimm_label(std::string_view text, Text& out);

}  // namespace vitald::hardware
