#pragma once
// Why our page lacks something: by the catalogue of this build, and by what the page says of its collectors.
#include "daemon/diff/side.hpp"

namespace vitald::diff {

std::string why_lost(std::string_view family, const Side& ours);
std::string why_no_collector(std::string_view collector, const Side& ours);

}  // namespace vitald::diff
