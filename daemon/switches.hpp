#pragma once
// The catalog's collectors as the command line knows them.
#include "config/vocabulary.hpp"

namespace vitald {

std::vector<config::Switch> switches();

}  // namespace vitald
