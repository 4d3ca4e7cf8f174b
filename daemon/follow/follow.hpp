#pragma once
// vitald watch: what happens in a directory, as a running daemon tells it.
#include <span>

namespace vitald::follow {

// The words behind "watch"; the status of the process.
int run(std::span<char* const> words);

}  // namespace vitald::follow
