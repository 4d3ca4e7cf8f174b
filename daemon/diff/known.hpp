#pragma once
// Differences that are known and no faults, each with its reason. The one list of them: tests/end_to_end/peer_test.py
// and docs/migration.md take it from here.
#include "daemon/diff/side.hpp"

#include <span>

namespace vitald::diff {

enum class Where {
  ours,    // only on our page
  theirs,  // only on theirs
  value,   // on both, with another value
  both,    // any difference
};

struct Known {
  Where where;
  std::string_view families;  // RE2, whole names
  std::string_view label;     // the label that only one side has; empty: the family, or some of its series
  std::string_view values;    // not empty: only series with such a value of that label (RE2)
  std::string_view since;     // the version of node_exporter that is as we are; empty: none is
  std::string_view why;
  bool (*unless)(std::string_view family) = nullptr;  // it is no known difference of such a family
};

std::span<const Known> known_differences();

struct Asked {
  Where where;
  std::string_view family;
  std::string_view label;  // of a label that only one side has
  const Labels& labels;    // of a series that only one side has
};

// The first that fits; none where the other side's version is as new as that. An unknown version is old.
const Known* find_known(const Asked& asked, std::string_view version);

// "1.10.2" is newer than "1.9.0".
bool older(std::string_view version, std::string_view than);

}  // namespace vitald::diff
