#pragma once
// What is at a path: asked for where it is, or by the probe.
#include "collectors/base/user_files.hpp"

#include <string>

namespace vitald {

struct PathFacts {
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  // Unix time
  std::uint32_t mode = 0;        // without the type
  bool is_mount = false;         // where `tells_mounts`
  bool tells_mounts = false;     // Linux 5.8 or later
};

// At once, however long that takes; 0 or an errno. ELOOP where links are to be refused and there is one.
int ask_path(const char* path, Links links, PathFacts& out);

// The names in a folder and what they are, as records of take_listed() with a name in place of a path; `own` is the
// folder's. Links are refused. 0 or an errno.
int list_folder(const char* path, FileStamp& own, FileSink& sink);

}  // namespace vitald
