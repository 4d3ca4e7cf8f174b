#pragma once
// RE2 that says nothing on stderr: what is wrong with an expression is told where it was written.
#include <re2/re2.h>

namespace vitald {

inline RE2::Options quiet_re2() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

}  // namespace vitald
