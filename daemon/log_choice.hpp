#pragma once
// Where the log goes, as the settings and the way of the start have it.
#include "config/process_options.hpp"
#include "daemon/privileges.hpp"

namespace vitald {

// A log file that this makes belongs to `owner`, if there is one, so that he can open it again.
Refused open_log(const config::ProcessSettings& settings, const Account* owner, Log& log, Log::Format format);

}  // namespace vitald
