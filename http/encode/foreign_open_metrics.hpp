#pragma once
// Families that others made, as OpenMetrics 1.0.0: strict, so a family that is not what its type demands there is shown
// as "unknown" (a histogram or summary as one such family for each of its samples' names). No name and no value
// changes; `le` and `quantile` are written as OpenMetrics writes numbers.
#include "collectors/base/foreign.hpp"

#include <functional>

namespace vitald::encode {

// Fills the object's own text, once. `is_ours`: whether a name could be one of the daemon's own families.
void make_open_metrics(const Foreign& foreign, const std::function<bool(std::string_view)>& is_ours);

}  // namespace vitald::encode
