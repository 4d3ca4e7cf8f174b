#pragma once
// Where processes are read for HTTP: one desk for listings, one for parts of a single process, each with one reading at
// a time on a thread that ends when there is no more to do.
//
// A reading that hangs in the kernel (a process whose memory is locked) is left behind: its request is answered without
// it, and what waits goes on at a new source and thread. At most four are left behind; then requests are refused until
// one comes back. Sixty seconds after the last request all that was remembered goes.
#include "daemon/alarm.hpp"
#include "daemon/chores.hpp"
#include "http/processes.hpp"

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace vitald {

// The loop only.
class ProcessDesks final : public http::Processes {
 public:
  using Clock = Alarm::Clock;
  using MakeSource = std::function<std::unique_ptr<ProcessSource>()>;

  // Nothing is made before somebody asks.
  ProcessDesks(boost::asio::io_context& loop, MakeSource make, std::chrono::milliseconds freshness,
               std::chrono::milliseconds patience = std::chrono::seconds(6));
  ~ProcessDesks() override;
  void renew(MakeSource make, std::chrono::milliseconds freshness);  // after a reload

  void read(Desk desk, Work work, http::Answer answer) override;
  void after(std::chrono::milliseconds time, std::function<void()> call) override;
  std::chrono::milliseconds freshness() const override { return freshness_; }

  std::size_t left_behind() const;
  bool rests() const;  // nothing is remembered

  static constexpr std::chrono::seconds memory{60};
  static constexpr std::size_t most_left_behind = 4, most_waiting = 64;

 private:
  struct Job {
    Work work;
    http::Answer answer;
    Clock::time_point deadline;
  };
  struct Worker;
  struct At {
    std::deque<Job> waiting;
    std::optional<Job> job;  // that is being done
    Worker* worker = nullptr;
    std::shared_ptr<ProcessSource> source;
  };
  struct Call {
    Clock::time_point when;
    std::function<void()> call;
  };

  void refuse(http::Answer answer, std::string_view why);
  void begin(At& at);
  void done(At& at, Worker& worker, http::Reply reply);
  Worker& free_worker();
  void ring();
  void let_late_ones_go(At& at, Clock::time_point now);
  void call_due(Clock::time_point now);
  void arm();

  boost::asio::io_context& loop_;
  MakeSource make_;
  std::chrono::milliseconds freshness_;
  const std::chrono::milliseconds patience_;
  std::vector<std::unique_ptr<Worker>> workers_;  // none goes: a thread may come back to it
  std::array<At, 2> desks_;
  std::vector<Call> calls_;
  std::optional<Alarm> alarm_;
  Clock::time_point last_used_{};
};

}  // namespace vitald
