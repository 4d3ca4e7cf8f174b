#pragma once
// vitald ps: the processes that a running daemon tells of.
#include <span>

namespace vitald::ps {

// The words behind "ps"; the status of the process.
int run(std::span<char* const> words);

}  // namespace vitald::ps
