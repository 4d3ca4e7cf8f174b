#pragma once
// Which rules and panels lose what they ask for. No evaluation: names of metrics and matchers of labels.
#include "daemon/diff/queries.hpp"
#include "daemon/diff/side.hpp"

#include <span>

namespace vitald::diff {

struct Loss {
  const Query* query;
  std::vector<std::string> reasons;  // "node_hwmon_temp_celsius is not there"
};

// `theirs` are all pages that `ours` shall replace. What none of them has is another exporter's, and no loss. A
// recording rule that loses something takes along what asks for its result.
std::vector<Loss> losses(std::span<const Query> queries, const Side& ours, std::span<const Side> theirs);

// How many of the queries ask for something that is on their pages.
std::size_t concerned(std::span<const Query> queries, std::span<const Side> theirs);

}  // namespace vitald::diff
