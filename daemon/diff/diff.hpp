#pragma once
// vitald diff: what a host's dashboards and alerts would lose or gain by this daemon.
#include <span>

namespace vitald::diff {

// The words behind "diff"; the status of the process.
int run(std::span<char* const> words);

}  // namespace vitald::diff
