#pragma once
// From settings to a daemon that serves, or to the reason why not, in the order that DESIGN.md's lifecycle has: leave
// the terminal, find the user, open the log, lock the pid file, listen, give up rights, read once, be ready.
#include "config/command_line.hpp"
#include "config/settings.hpp"

#include <functional>
#include <memory>

namespace vitald {

class Daemon;
class Log;

// Makes the daemon once there is a log and no fork comes any more.
using MakeDaemon = std::function<std::unique_ptr<Daemon>(Log&)>;

// The exit status of a daemon that did not start. One that did ends the process by itself, with status 0. Of `parsed`
// it takes the warnings, and the files that a reload reads again.
int start(const config::Settings& settings, const config::Parsed& parsed, const MakeDaemon& make);

}  // namespace vitald
