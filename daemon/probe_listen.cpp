// The probe's listening: how long it waits, and what it makes of what the children say.
#include "daemon/probe.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace vitald {

// ---- waiting

bool ProbeChildren::anything_to_come() const {
  return std::ranges::any_of(children_,
                             [&](const auto& child) { return child->link.busy() && child->round == round_; });
}

bool ProbeChildren::front_is_held_up(Clock::time_point now) const {
  if (!front_ || !front_->link.started()) return false;
  const bool dear = busy() > most_left_behind;  // it would be killed, so it gets more time
  return now - front_->since >= patient_for_ * (dear ? 2 : 1);
}

// Those who make progress go on after the deadline; then the first that is held up ends the call.
bool ProbeChildren::given_up(Clock::time_point now) const {
  return now >= deadline_ && (!front_ || !front_->link.started() || now - front_->since >= patient_for_);
}

ProbeChildren::Clock::time_point ProbeChildren::next_look(Clock::time_point now) const {
  if (!front_ || !front_->link.started()) return deadline_;
  const auto held_up_at = front_->since + patient_for_;
  if (now >= deadline_) return held_up_at;
  return std::min(deadline_, held_up_at > now ? held_up_at : held_up_at + patient_for_);
}

void ProbeChildren::wait(Clock::time_point until) {
  pollfd sockets[most_left_behind + 1];
  nfds_t count = 0;
  for (const auto& child : children_)
    if (child->link.busy()) sockets[count++] = {child->link.socket(), POLLIN, 0};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  if (::poll(sockets, count, static_cast<int>(std::clamp<long>(left, 0, INT_MAX))) > 0) hear_all();
}

// ---- what they say

void ProbeChildren::hear_all() {
  for (std::size_t i = 0; i < children_.size();)
    if (hear(*children_[i])) {
      ++i;
    } else {
      lose(*children_[i]);
      children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

bool ProbeChildren::hear(Child& child) {
  probe_wire::Answer answer;
  char bytes[probe_wire::most_bytes];
  for (;;) {
    const auto heard = child.link.hear(answer, bytes);
    if (heard == ProbeLink::Heard::nothing || heard == ProbeLink::Heard::gone)
      return heard == ProbeLink::Heard::nothing;
    child.since = Clock::now();
    if (heard == ProbeLink::Heard::answer) take(child, answer, {bytes, answer.bytes});
  }
}

void ProbeChildren::take(Child& child, const probe_wire::Answer& answer, std::string_view bytes) {
  child.at = answer.index + std::size_t{answer.more ? 0u : 1u};
  if (child.round == round_ && answer.index < child.asked.size()) {
    auto& question = questions_[child.asked[answer.index]];
    if (question.error == unanswered) fill(question, answer, bytes);
    if (const auto known = suspects_.find(question.path); known != suspects_.end()) suspects_.erase(known);
  }
  if (&child == front_ && !child.link.busy()) front_ = nullptr;
}

void ProbeChildren::fill(Question& question, const probe_wire::Answer& answer, std::string_view bytes) {
  if (question.bytes) {
    if (answer.first) question.bytes->clear();
    question.bytes->append(bytes);
  }
  if (answer.more) return;
  const bool told_by_kernel = question.wants == Probe::Wants::size && answer.error == ETIMEDOUT;
  question.error = told_by_kernel ? ETIME : answer.error;
  question.stamp = answer.stamp;
  question.facts = answer.facts;
  question.size = {answer.block_size, answer.blocks,     answer.free,     answer.available,
                   answer.files,      answer.files_free, answer.read_only};
}

// The question that it died at is asked once more, since it may have died of something else.
void ProbeChildren::lose(Child& child) {
  if (&child == front_) front_ = nullptr;
  ended_.push_back(child.link.process());
  if (!child.link.busy() || child.round != round_ || child.at >= child.asked.size()) return;
  const auto i = child.asked[child.at];
  if (!child.stopped)
    waiting_.insert(waiting_.begin(), child.asked.begin() + static_cast<std::ptrdiff_t>(child.at) + 1,
                    child.asked.end());
  if (questions_[i].error != unanswered || child.killed) return;
  if (++deaths_[i] <= 1) waiting_.insert(waiting_.begin(), i);
}

}  // namespace vitald
