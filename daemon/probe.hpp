#pragma once
// Asks by child processes, since a thread that hangs in the kernel would hold the whole daemon.
#include "collectors/base/probe.hpp"
#include "daemon/probe_child.hpp"
#include "daemon/probe_link.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vitald {

// One child works. When it is held up at a path, another takes over the rest of the list; the first is left behind and
// is good again when its answer comes. At most `most_left_behind` may be so; what holds up the child beside them is
// killed, if the kernel can do that, and its path is let alone for a while.
// Threads: those that call `ask`, one at a time; `abandoned` may be asked by any.
class ProbeChildren final : public Probe {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t most_left_behind = 4;
  // How long a path may hold up the others.
  static constexpr std::chrono::milliseconds usual_hold_up{50};

  explicit ProbeChildren(std::string program = "/proc/self/exe", std::chrono::milliseconds hold_up = usual_hold_up)
      : program_(std::move(program)), hold_up_(hold_up) {}

  void ask(std::span<Question> questions, std::chrono::milliseconds patience) override;
  int abandoned() const override { return abandoned_.load(std::memory_order_relaxed); }

 private:
  struct Child {
    ProbeLink link;
    std::vector<std::uint32_t> asked = {};  // which questions its list holds
    std::uint64_t round = 0;                // in which call the list was sent
    std::size_t at = 0;                     // how many of them are answered
    Clock::time_point since = {};           // when it came to the current one
    Clock::time_point killed_at = {};
    bool stopped = false, killed = false;
  };

  static constexpr int unanswered = -1;  // in the place of an error, while the call goes on

  void begin(std::span<Question> questions, std::chrono::milliseconds patience);
  void finish();
  bool held_up(const Question& question) const;
  bool suspect(const Question& question) const;

  void hand_out();
  Child* free_child();
  void pass_on();
  void take_back(Child& child);
  void put_aside(Child& child);
  bool anything_to_come() const;
  std::size_t busy() const;

  void wait(Clock::time_point until);
  Clock::time_point next_look(Clock::time_point now) const;
  bool given_up(Clock::time_point now) const;
  bool front_is_held_up(Clock::time_point now) const;
  void hear_all();
  bool hear(Child& child);  // false: it is gone
  void take(Child& child, const probe_wire::Answer& answer, std::string_view bytes);
  static void fill(Question& question, const probe_wire::Answer& answer, std::string_view bytes);
  void lose(Child& child);
  void make_place();
  void let_spare_ones_go();
  void reap();

  std::string program_;
  std::chrono::milliseconds hold_up_;
  std::vector<std::unique_ptr<Child>> children_;
  std::vector<pid_t> ended_;                                        // closed or dead, but not yet waited for
  std::map<std::string, Clock::time_point, std::less<>> suspects_;  // held up a child that was killed; until when
  std::atomic<int> abandoned_ = 0;

  // Of the call that is going on.
  std::span<Question> questions_;
  std::vector<std::uint32_t> waiting_, later_;  // questions that nobody works on
  std::vector<std::uint8_t> deaths_;            // of children, by question
  std::uint64_t round_ = 0;
  Clock::time_point deadline_;
  std::chrono::milliseconds patient_for_{};
  Child* front_ = nullptr;  // the one that works on the list
};

}  // namespace vitald
