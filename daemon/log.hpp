#pragma once
// The daemon's log: lines with fields, as logfmt or JSON, to a descriptor (standard error).
//
// Logging throws nothing and waits for nobody longer than a moment: a line that does not get out is counted.
// Threads: any may log at any time.
#include "config/settings.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>

namespace vitald {

class Log {
 public:
  using Level = config::LogLevel;
  using Format = config::LogFormat;
  using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // The descriptor stays the caller's. SIGPIPE must be ignored.
  explicit Log(Level least = Level::info, Format format = Format::logfmt, int fd = 2);
  ~Log();

  void debug(std::string_view message, Fields fields = {}) const { write(Level::debug, message, fields); }
  void info(std::string_view message, Fields fields = {}) const { write(Level::info, message, fields); }
  void warn(std::string_view message, Fields fields = {}) const { write(Level::warn, message, fields); }
  void error(std::string_view message, Fields fields = {}) const { write(Level::error, message, fields); }

  bool writes(Level level) const noexcept { return level >= least_; }  // for fields that cost something
  std::uint64_t lost() const noexcept;                                 // lines that did not get out, or not whole

 private:
  struct Lines;
  void write(Level level, std::string_view message, Fields fields) const noexcept {
    if (writes(level)) compose(level, message, fields);
  }
  void compose(Level level, std::string_view message, Fields fields) const noexcept;

  Level least_;
  std::unique_ptr<Lines> lines_;
};

}  // namespace vitald
