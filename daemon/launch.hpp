#pragma once
// Leaves the terminal by two forks; who has called waits until the daemon serves or has failed.
#include "collectors/base/result.hpp"

namespace vitald {

// To be called before there is a thread.
class Launch {
 public:
  Launch() = default;
  Launch(const Launch&) = delete;
  ~Launch();  // who forgets to report has failed

  // Returns in the daemon only: in a session of its own without a terminal, at "/", umask 022, without the caller's
  // descriptors but standard error, which stays until the report. The first process exits with what is reported, or,
  // when the daemon ends without that, says how it ended.
  Result<void> detach();
  bool detached() const { return pipe_ >= 0; }
  void report(int status) noexcept;  // the first time counts
 private:
  int pipe_ = -1;
};

// A descriptor below 3 that is closed would be the next file's or socket's, and be taken for standard error.
void open_standard_descriptors();

}  // namespace vitald
