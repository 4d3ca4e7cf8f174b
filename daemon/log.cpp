#include "daemon/log.hpp"

#include "daemon/log_descriptor.hpp"
#include "daemon/log_repeats.hpp"

#include <mutex>

namespace vitald {
namespace {

constexpr auto patience_at_the_end = std::chrono::milliseconds(500);

}  // namespace

struct Log::Lines {
  explicit Lines(std::unique_ptr<LogTarget> to) : target(std::move(to)) {}

  void take(const LogRecord& record) {
    const std::lock_guard lock(mutex);
    const auto now = LogRepeats::Clock::now();
    tell_held(now);
    const auto say = repeats.seen(record, now);
    if (say == LogRepeats::Say::it) put(record);
    if (say == LogRepeats::Say::for_the_last_time) put(record, {"repeats", "the next within a minute are counted"});
  }

  void tell_held(LogRepeats::Clock::time_point now) {
    for (const auto& held : repeats.over(now)) {
      const std::vector<LogRecord::Field> fields(held.fields.begin(), held.fields.end());
      const auto times = std::to_string(held.times);
      put({held.level, held.message, fields, std::chrono::system_clock::now()}, {"repeated", times});
    }
  }

  void put(LogRecord record, LogRecord::Field more) {
    std::vector<LogRecord::Field> fields(record.fields.begin(), record.fields.end());
    fields.push_back(more);
    record.fields = fields;
    put(record);
  }

  void put(const LogRecord& record) {
    target->take(record);
    if (terminal && record.level >= Level::warn) terminal->take(record);
  }

  std::mutex mutex;
  std::unique_ptr<LogTarget> target, terminal;
  std::atomic<std::uint64_t> without_memory = 0;
  LogRepeats repeats;
};

Log::Log(Level least, std::unique_ptr<LogTarget> target)
    : least_(least), lines_(std::make_unique<Lines>(std::move(target))) {}
Log::Log(Level least, Format format, int fd) : Log(least, log_to_descriptor(fd, format)) {}
Log::~Log() = default;

std::uint64_t Log::lost() const noexcept { return lines_->target->lost() + lines_->without_memory; }

void Log::compose(Level level, std::string_view message, Fields fields) const noexcept {
  try {
    lines_->take({level, message, {fields.begin(), fields.size()}, std::chrono::system_clock::now()});
  } catch (...) {
    ++lines_->without_memory;
  }
}

void Log::reopen() const { lines_->target->reopen(); }
void Log::start() { lines_->target->start(); }

void Log::move_to(std::unique_ptr<LogTarget> target) {
  lines_->terminal = std::exchange(lines_->target, std::move(target));
}

void Log::started() {
  const std::lock_guard lock(lines_->mutex);
  lines_->terminal.reset();
}

void Log::end() const noexcept {
  try {
    {
      const std::lock_guard lock(lines_->mutex);
      lines_->tell_held(LogRepeats::Clock::time_point::max());
    }
    lines_->target->flush(patience_at_the_end);
  } catch (...) {
    ++lines_->without_memory;
  }
}

}  // namespace vitald
