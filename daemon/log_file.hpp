#pragma once
// The log to a file, by a thread of its own: a disk that hangs or is full holds up nobody.
//
// The file is opened anew when it has been moved away or removed, at the next line or when asked. Lines are appended
// (O_APPEND), so one that is truncated in place goes on from its start.
#include "collectors/base/result.hpp"
#include "daemon/log_target.hpp"

namespace vitald {

// Opens or creates the file. Until `start` lines are written by whoever logs.
Result<std::unique_ptr<LogTarget>> log_to_file(const std::string& path, config::LogFormat format);

}  // namespace vitald
