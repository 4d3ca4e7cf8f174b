#pragma once
// Asks the kernel what may never be answered (statfs behind a dead server), from where it can be left behind.
#include "collectors/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace vitald {

struct FileSystemSize {  // what statfs(2) says, in its own units
  std::uint64_t block_size = 0, blocks = 0, free = 0, available = 0, files = 0, files_free = 0;
  bool read_only = false;
};

// Asks at once, however long that takes; returns 0 or an errno.
int ask_statfs(const char* path, FileSystemSize& out);

class Probe {
 public:
  struct Question {
    std::string_view path;  // where to ask; must stay good during the call
    int error = 0;          // 0, an errno, or ETIMEDOUT when nothing came in time
    FileSystemSize size;    // good when error is 0
  };

  virtual ~Probe() = default;

  // Asks all at once and fills in the answers. It returns within `patience` and little more, however many
  // hang; a path that hung before is not asked again until that question has come back.
  // Called from a reader's thread, by one thread at a time.
  virtual void ask(std::span<Question> questions, std::chrono::milliseconds patience) = 0;
};

}  // namespace vitald
