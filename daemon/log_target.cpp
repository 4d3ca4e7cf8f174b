#include "daemon/log_target.hpp"

namespace vitald {

LossNotice::LossNotice(std::uint64_t lines)
    : digits(std::to_string(lines)),
      field("lines", digits),
      record{LogRecord::Level::warn, "lines of the log were lost", {&field, 1}, std::chrono::system_clock::now()} {}

void DirectTarget::take(const LogRecord& record) {
  const auto lost_before = lost();
  if (lost_before != told_) {
    if (!write(LossNotice(lost_before - told_).record)) {
      ++lost_;
      return;
    }
    told_ = lost_before;
  }
  if (!write(record)) ++lost_;
}

}  // namespace vitald
