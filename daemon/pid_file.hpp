#pragma once
// The file with the daemon's number, whose lock says that it lives.
#include "daemon/refusal.hpp"

#include <string>

namespace vitald {

// A file without a lock is stale, whatever it says. Descriptors are not inherited, so no child holds the lock.
class PidFile {
 public:
  PidFile() = default;
  PidFile(const PidFile&) = delete;
  ~PidFile() { release(); }

  // Takes the file over, or says who has it or what is wrong with it. Links are not followed.
  Refused hold(const std::string& path);
  // Removes the file if it is still ours; where that is forbidden by now, empties it. Any thread, once.
  void release() noexcept;

 private:
  std::string path_;
  int fd_ = -1;
};

}  // namespace vitald
