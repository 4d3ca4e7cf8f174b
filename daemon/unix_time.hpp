#pragma once
#include <chrono>

namespace vitald {

// Now, in seconds since 1970; it steps when somebody sets the clock.
inline double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace vitald
