#pragma once
// What OpenMetrics 1.0.0 wants otherwise than format 0.0.4. Samples' names are the same in both: a counter is one where
// its name ends in _total, which its family's name then lacks; any other counter is "unknown".
#include "http/encode/exposition.hpp"

namespace vitald::encode {

constexpr std::string_view open_metrics_end = "# EOF\n";

// TYPE, UNIT where the name ends in one, HELP.
void open_metrics_head(Out& out, const Head& of);

}  // namespace vitald::encode
