#pragma once
// Where the log's lines go. No target throws, or waits for whoever reads for longer than a moment: what does not get
// out is counted, and told of in the log itself when that works again.
#include "daemon/log_record.hpp"

#include <atomic>
#include <memory>

namespace vitald {

class LogTarget {
 public:
  virtual ~LogTarget() = default;
  virtual void take(const LogRecord& record) = 0;   // one thread at a time
  virtual std::uint64_t lost() const noexcept = 0;  // lines that did not get out, or not whole

  virtual void start() {}   // no fork and no change of user comes any more: it may make a thread
  virtual void reopen() {}  // somebody has moved the file away
  virtual void flush(std::chrono::milliseconds /*patience*/) {}
};

// A target that has done its work when `write` returns.
class DirectTarget : public LogTarget {
 public:
  void take(const LogRecord& record) final;
  std::uint64_t lost() const noexcept final { return lost_.load(std::memory_order_relaxed); }

 protected:
  virtual bool write(const LogRecord& record) = 0;

 private:
  std::atomic<std::uint64_t> lost_ = 0;
  std::uint64_t told_ = 0;  // of those that were lost
};

// "lines were lost": the record that tells of them. `digits` holds its number.
struct LossNotice {
  explicit LossNotice(std::uint64_t lines);
  LossNotice(const LossNotice&) = delete;
  std::string digits;
  LogRecord::Field field;
  LogRecord record;
};

}  // namespace vitald
