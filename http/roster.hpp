#pragma once
// All connections, each in the line of those that do the same, who began first in front: so who has been idle longest
// and whose time is up first is known without looking for it.
#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>

namespace vitald::http {

enum class Phase : std::uint8_t { handshake, first_head, head, body, work, write, linger, idle, listening };
constexpr std::size_t phases = 9;

// What a connection has for its place.
template <class Session>
struct Standing {
  using Time = std::chrono::steady_clock::time_point;
  Phase phase = Phase::first_head;
  Time deadline;
  typename std::list<std::shared_ptr<Session>>::iterator place;
};

// `Session` has a member `standing`.
template <class Session>
class Roster {
 public:
  using Time = typename Standing<Session>::Time;
  using Times = std::array<std::chrono::milliseconds, phases>;  // how long a phase may last

  explicit Roster(const Times& times) : times_(times) {}

  void join(std::shared_ptr<Session> session, Phase phase, Time now) {
    auto& line = line_of(phase);
    auto& one = *line.emplace_back(std::move(session));
    one.standing = {phase, now + time_of(phase), std::prev(line.end())};
    ++size_;
  }
  void move(Session& session, Phase phase, Time now) {
    auto& standing = session.standing;
    auto& to = line_of(phase);
    to.splice(to.end(), line_of(standing.phase), standing.place);
    standing.phase = phase;
    standing.deadline = now + time_of(phase);
  }
  std::shared_ptr<Session> leave(Session& session) {
    auto kept = *session.standing.place;
    line_of(session.standing.phase).erase(session.standing.place);
    --size_;
    return kept;
  }

  std::size_t size() const { return size_; }
  std::size_t size(Phase phase) const { return lines_[static_cast<std::size_t>(phase)].size(); }
  std::shared_ptr<Session> first(Phase phase) const {
    const auto& line = lines_[static_cast<std::size_t>(phase)];
    return line.empty() ? nullptr : line.front();
  }
  // Whose time is up next; Time::max() when nobody is here.
  Time next_deadline() const {
    auto next = Time::max();
    for (const auto& line : lines_)
      if (!line.empty() && line.front()->standing.deadline < next) next = line.front()->standing.deadline;
    return next;
  }
  std::shared_ptr<Session> overdue(Time now) const {
    for (const auto& line : lines_)
      if (!line.empty() && line.front()->standing.deadline <= now) return line.front();
    return nullptr;
  }
  // Who is missed least: the longest idle, else who only waits, else who is served.
  std::shared_ptr<Session> dispensable() const {
    using enum Phase;
    for (const auto phase : {idle, linger, handshake, first_head, head, body, listening, write, work})
      if (auto found = first(phase)) return found;
    return nullptr;
  }

 private:
  std::list<std::shared_ptr<Session>>& line_of(Phase phase) { return lines_[static_cast<std::size_t>(phase)]; }
  std::chrono::milliseconds time_of(Phase phase) const { return times_[static_cast<std::size_t>(phase)]; }

  Times times_;
  std::array<std::list<std::shared_ptr<Session>>, phases> lines_;
  std::size_t size_ = 0;
};

}  // namespace vitald::http
