#pragma once
// The daemon's log: lines with fields, to where the operator wants them.
//
// Logging throws nothing and waits for nobody longer than a moment: a line that does not get out is counted. The same
// line again and again is written a few times only (LogRepeats).
// Threads: any may log at any time; what is not const is for the start and the end, when there is one thread.
#include "daemon/log_target.hpp"

#include <initializer_list>

namespace vitald {

class Log {
 public:
  using Level = config::LogLevel;
  using Format = config::LogFormat;
  using Fields = std::initializer_list<LogRecord::Field>;

  explicit Log(Level least = Level::info, Format format = Format::logfmt, int fd = 2);
  Log(Level least, std::unique_ptr<LogTarget> target);
  ~Log();

  void debug(std::string_view message, Fields fields = {}) const { write(Level::debug, message, fields); }
  void info(std::string_view message, Fields fields = {}) const { write(Level::info, message, fields); }
  void warn(std::string_view message, Fields fields = {}) const { write(Level::warn, message, fields); }
  void error(std::string_view message, Fields fields = {}) const { write(Level::error, message, fields); }

  bool writes(Level level) const noexcept { return level >= least_; }  // for fields that cost something
  std::uint64_t lost() const noexcept;                                 // lines that did not get out, or not whole

  void least(Level level) const noexcept { least_ = level; }
  void reopen() const;  // a file that was moved away

  // From now on there; warnings and errors go to the old target as well, until `started`, so that who waits at a
  // terminal for the start sees why it fails.
  void move_to(std::unique_ptr<LogTarget> target);
  void start();               // the target may make a thread
  void started();             // the start is over
  void end() const noexcept;  // tells what was held back, and gives the target a moment to finish

 private:
  struct Lines;
  void write(Level level, std::string_view message, Fields fields) const noexcept {
    if (writes(level)) compose(level, message, fields);
  }
  void compose(Level level, std::string_view message, Fields fields) const noexcept;

  mutable std::atomic<Level> least_;
  std::unique_ptr<Lines> lines_;
};

}  // namespace vitald
