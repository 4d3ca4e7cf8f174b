#pragma once
// One event of the log, before it has a form.
#include "config/settings.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitald {

struct LogRecord {
  using Level = config::LogLevel;
  using Field = std::pair<std::string_view, std::string_view>;

  Level level = Level::info;
  std::string_view message;
  std::span<const Field> fields;
  std::chrono::system_clock::time_point time;
};

}  // namespace vitald
