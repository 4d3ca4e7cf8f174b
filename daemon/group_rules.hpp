#pragma once
// The file of groups of processes, where one is named.
#include "daemon/wishes.hpp"

namespace vitald {

// Reads it into the wishes, or adds what is wrong with it to their errors. May wait for the file.
void take_group_rules(Wishes& wishes);

bool same_group_rules(const Wishes& one, const Wishes& other);

}  // namespace vitald
