#pragma once
// Who is to be read when, and who has waited long enough. Decisions only: no I/O, and time is an argument.
#include "http/readings.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace vitald {

class Schedule {
 public:
  using Clock = std::chrono::steady_clock;
  using Selection = http::Selection;
  using Ticket = std::uint64_t;

  explicit Schedule(Clock::duration freshness) : freshness_(freshness) {}
  void freshness(Clock::duration of_those_who_ask_from_now_on) { freshness_ = of_those_who_ask_from_now_on; }
  Clock::duration freshness() const { return freshness_; }

  // Whether these need no reading for somebody who asks now.
  bool fresh(const Selection& wanted, Clock::time_point now) const {
    return (older_than(now - freshness_, wanted) & ~late_).none();
  }

  // Somebody wants readings of these that began no earlier than `now` less the freshness, until the deadline. If some
  // are to be read, so are those that would be soon: else each would have its turn apart, and no two requests the same.
  Ticket ask(const Selection& wanted, Clock::time_point now, Clock::time_point deadline);

  // Other collectors stand in the places: nothing is known of them, and who waits has to ask anew.
  void forget_readings();

  // What to begin reading now: wanted, not fresh, and not in flight. The caller begins all of it.
  Selection due() const;
  void began(const Selection& collectors);

  // A reading ended, well or not; `began_at` is when it began.
  void ended(std::size_t collector, Clock::time_point began_at);

  // Those in flight for a deadline that has passed become late: nobody waits for them until they have ended.
  // Returns those that became late just now.
  Selection expire(Clock::time_point now);

  // The tickets whose every wish is fresh, or late; each is given once.
  std::vector<Ticket> settled();

  Clock::time_point next_deadline() const;  // time_point::max() when nobody waits
  bool in_flight(std::size_t collector) const { return in_flight_[collector]; }
  const Selection& late() const { return late_; }

 private:
  struct Wish {
    Ticket ticket;
    Selection open;  // not fresh yet
    Clock::time_point not_before, deadline;
  };

  Selection older_than(Clock::time_point time, const Selection& wanted) const;  // or never read

  Clock::duration freshness_;
  Ticket last_ = 0;
  std::vector<Wish> wishes_;
  std::vector<Clock::time_point> began_at_ = std::vector<Clock::time_point>(Selection().size());  // of the last ended
  Selection in_flight_, late_;
};

}  // namespace vitald
