#pragma once
// The running collectors: hands them to readers when somebody asks, keeps what came of it, and answers without those
// that are late.
#include "daemon/absences.hpp"
#include "daemon/alarm.hpp"
#include "daemon/collector_set.hpp"
#include "daemon/log.hpp"
#include "daemon/reader.hpp"
#include "daemon/schedule.hpp"
#include "daemon/waker.hpp"
#include "http/readings.hpp"

#include <map>

namespace vitald {

// The loop's thread only.
class HostReadings final : public http::Readings {
 public:
  // A collector that takes longer than this no longer holds up those behind it.
  static constexpr auto patience_of_others = std::chrono::milliseconds(100);

  // `here` is read by the thread that has the loop (see Shift), and needs no reader of its own; without it all is read
  // by threads.
  HostReadings(boost::asio::io_context& loop, Log& log, std::unique_ptr<CollectorSet> set, Clock::duration freshness,
               Lane* here = nullptr, Absences absences = Absences());

  // Other collectors from now on. Who has asked before is answered by these; what is being read by the others is
  // dropped when it comes, and they go when the last of it has come.
  void replace(std::unique_ptr<CollectorSet> set);
  void freshness(Clock::duration freshness) { schedule_.freshness(freshness); }
  std::size_t sets() const { return 1 + retired_.size(); }

  std::span<const Known> known() const override { return known_; }
  std::shared_ptr<const http::View> fresh(const http::Selection& selection) override;
  void ask(const http::Selection& selection, Clock::duration patience, Ready ready) override;
  std::shared_ptr<const http::View> latest() const override;

  std::uint64_t readings() const { return sweeps_; }  // how often the host was read, whole or in part
  std::size_t left_behind() const { return left_behind_.size() + here_hangs_; }  // readers that hang

  void take();   // what readers have done since, and answers whom it was for
  void watch();  // the loop goes on while `here` is read: looks after those who wait

 private:
  struct Running {
    Collector* collector = nullptr;
    Pages pages;
    http::Reading latest;
    Clock::time_point began{};  // the reading that is in flight
    bool had_nothing = false;   // the last reading found no device
  };
  struct Asker {
    http::Selection selection;
    Clock::time_point deadline;
    Ready ready;
  };
  struct Retired {
    std::unique_ptr<CollectorSet> set;
    std::uint32_t number;
    std::size_t at_work;  // its readings that have begun and not come
  };

  void know(const std::vector<Running>& before);
  void enlist(http::Selection selection, Clock::time_point deadline, Ready ready);
  void pump();
  static bool is_slow(const Running& running);
  void start(http::Selection due);
  http::Selection keep_absent(const http::Selection& due, Clock::time_point now, double began);
  void dispatch(std::unique_ptr<Reader>& reader, std::vector<Lane::Job> jobs);
  void dispatch_here(std::vector<Lane::Job> jobs);
  void refuse(const std::vector<Lane::Job>& jobs);
  bool leave_behind(std::unique_ptr<Reader>& reader, std::vector<Lane::Job>& rest);
  bool leave_here_behind(std::vector<Lane::Job>& rest);
  void look_after(std::unique_ptr<Reader>& reader);
  void look_after_here();
  std::unique_ptr<Reader> new_reader();
  void take_outcomes();
  void apply(Lane::Outcome outcome);
  void count_out(std::uint32_t set);
  std::size_t take_all_back();
  void fail(std::size_t place, std::string why);
  void set_state(http::Reading& reading, State state, std::string why);
  void check();
  std::shared_ptr<const http::View> view_of(const http::Selection& selection, Clock::time_point now);

  boost::asio::io_context& loop_;
  Log& log_;
  std::unique_ptr<CollectorSet> set_;
  std::uint32_t set_number_ = 0;
  std::vector<Retired> retired_;
  std::vector<Known> known_;
  std::vector<Running> running_;  // as known_; the daemon's own process is at http::self_place
  http::Selection readable_;      // those that have a collector
  Schedule schedule_;
  Absences absences_;
  std::map<Schedule::Ticket, Asker> askers_;
  Lane* here_;
  bool here_hangs_ = false;  // left behind: others do its work until it comes back
  Waker waker_;              // outlives the readers, who tell by it
  std::unique_ptr<Reader> fast_, slow_;
  std::vector<std::unique_ptr<Reader>> left_behind_;
  Alarm alarm_;
  std::vector<Lane::Outcome> outcomes_;
  bool asking_ = false;  // inside ask(), which must not call back
  std::uint64_t sweeps_ = 0, serial_ = 0, viewed_serial_ = 0;
  http::Selection viewed_;
  Clock::time_point viewed_at_{};
  std::shared_ptr<const http::View> view_;  // of viewed_, as long as nothing has changed and it is fresh
};

}  // namespace vitald
