#pragma once
// The log to a descriptor: standard error, be it a file, a pipe, a terminal or the journal's stream.
#include "daemon/log_target.hpp"

namespace vitald {

// The descriptor stays the caller's, and its flags are left alone, because others share it. SIGPIPE must be ignored.
std::unique_ptr<LogTarget> log_to_descriptor(int fd, config::LogFormat format);

}  // namespace vitald
