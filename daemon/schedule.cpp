#include "daemon/schedule.hpp"

#include <algorithm>

namespace vitald {

Schedule::Ticket Schedule::ask(const Selection& wanted, Clock::time_point now, Clock::time_point deadline) {
  Wish wish{++last_, wanted, now - freshness_, deadline};
  wish.open = older_than(wish.not_before, wanted);
  if ((wish.open & ~late_).any()) wish.open = older_than(now - freshness_ / 2, wanted);
  wishes_.push_back(wish);
  return last_;
}

Schedule::Selection Schedule::older_than(Clock::time_point time, const Selection& wanted) const {
  auto older = wanted;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (began_at_[i] != Clock::time_point{} && began_at_[i] >= time) older.reset(i);
  return older;
}

void Schedule::forget_readings() {
  wishes_.clear();
  std::ranges::fill(began_at_, Clock::time_point{});
  in_flight_.reset();
  late_.reset();
}

Schedule::Selection Schedule::due() const {
  Selection all;
  for (const auto& wish : wishes_) all |= wish.open;
  return all & ~in_flight_;
}

void Schedule::began(const Selection& collectors) { in_flight_ |= collectors; }

void Schedule::ended(std::size_t collector, Clock::time_point began_at) {
  in_flight_.reset(collector);
  late_.reset(collector);
  began_at_[collector] = began_at;
  for (auto& wish : wishes_)
    if (began_at >= wish.not_before) wish.open.reset(collector);
}

Schedule::Selection Schedule::expire(Clock::time_point now) {
  const auto before = late_;
  for (auto& wish : wishes_) {
    if (wish.deadline > now) continue;
    late_ |= wish.open & in_flight_;
    wish.open.reset();
  }
  return late_ & ~before;
}

std::vector<Schedule::Ticket> Schedule::settled() {
  std::vector<Ticket> done;
  std::erase_if(wishes_, [&](const Wish& wish) {
    if ((wish.open & ~late_).any()) return false;
    done.push_back(wish.ticket);
    return true;
  });
  return done;
}

Schedule::Clock::time_point Schedule::next_deadline() const {
  auto next = Clock::time_point::max();
  for (const auto& wish : wishes_) next = std::min(next, wish.deadline);
  return next;
}

}  // namespace vitald
