#include "daemon/reload.hpp"

#include <utility>

namespace vitald {

Reload::Reload(boost::asio::io_context& loop, std::function<Work()> begin, std::function<void()> late)
    : chores_(loop, "vitald-reload", 1), work_(std::move(begin)), on_late_(std::move(late)), late_(loop, [this] {
        on_late_();
        tell();
      }) {}

void Reload::ask(std::function<void()> done) {
  if (done) waiting_for_next_.push_back(std::move(done));
  if (at_work_)
    again_ = true;
  else
    begin();
}

void Reload::begin() {
  at_work_ = true;
  waiting_.swap(waiting_for_next_);
  late_.set(Alarm::Clock::now() + patience);
  const auto then = std::make_shared<Then>();
  chores_.give({[work = work_(), then] { *then = work(); }, [this, then] { end(*then); }, {}});
}

void Reload::end(const Then& then) {
  late_.set(Alarm::Clock::time_point::max());
  then();
  tell();
  at_work_ = false;
  if (std::exchange(again_, false)) begin();
}

void Reload::tell() {
  for (const auto& done : std::exchange(waiting_, {})) done();
}

}  // namespace vitald
