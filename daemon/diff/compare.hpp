#pragma once
// What is lost, gained and changed between two pages. No I/O.
#include "daemon/diff/finding.hpp"
#include "daemon/diff/side.hpp"

namespace vitald::diff {

// By family. The two were asked in turns, so that what moves was seen moving.
std::vector<Finding> compare(const Side& ours, const Side& theirs, std::string_view against);

// Whether two series' values tell the same thing: equal where neither moved between the pages, else near each other.
bool agree(const Series& ours, const Series& theirs);

}  // namespace vitald::diff
