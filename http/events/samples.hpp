#pragma once
// Collectors' rows on a beat, as long as somebody listens: of each set of collectors one reading and one encoding a
// beat, for all who want it. Samples replace each other: who was slow gets the newest, and how many were missed.
#include "http/api.hpp"
#include "http/events/events.hpp"

namespace vitald::http {

class Samples {
 public:
  using Clock = Readings::Clock;
  using ms = std::chrono::milliseconds;

  // `wake_at` says when beat() is to be called next; time_point::max(): not at all.
  Samples(const Context& context, std::function<void(Clock::time_point)> wake_at);
  ~Samples();

  std::unique_ptr<Subscription> listen(const Selection& topics, ms interval, Listener& listener, Clock::time_point now);
  void beat(Clock::time_point now);
  void collectors_may_take(ms time) { patience_ = time; }
  std::uint64_t skipped() const { return skipped_; }  // that listeners were too slow for

 private:
  struct Group;
  class One;

  std::shared_ptr<Group> group_for(const Selection& topics, ms interval, Clock::time_point now);
  void ask(const std::shared_ptr<Group>& group);
  void publish(Group& group, const View& view);
  void leave(Group& group, const One& one);
  void let_go(const Group& group);
  void arm();

  const Context& context_;
  std::function<void(Clock::time_point)> wake_at_;
  ms patience_{5'000};
  std::string epoch_;  // of this daemon, in the events' ids
  std::vector<std::shared_ptr<Group>> groups_;
  std::uint64_t skipped_ = 0;
  Out out_;
};

}  // namespace vitald::http
