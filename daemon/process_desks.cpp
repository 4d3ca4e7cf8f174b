#include "daemon/process_desks.hpp"

#include "daemon/give_back.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace vitald {

struct ProcessDesks::Worker {
  explicit Worker(boost::asio::io_context& loop) : chores(loop, "vitald-procs", 1) {}
  Chores chores;
  bool busy = false;
};

ProcessDesks::ProcessDesks(boost::asio::io_context& loop, MakeSource make, std::chrono::milliseconds freshness,
                           std::chrono::milliseconds patience)
    : loop_(loop), make_(std::move(make)), freshness_(freshness), patience_(patience) {}

ProcessDesks::~ProcessDesks() = default;

void ProcessDesks::renew(MakeSource make, std::chrono::milliseconds freshness) {
  make_ = std::move(make);
  freshness_ = freshness;
  for (auto& at : desks_) at.source.reset();  // a reading that is under way keeps its own
}

std::size_t ProcessDesks::left_behind() const {
  const auto busy = std::ranges::count_if(workers_, [](const auto& worker) { return worker->busy; });
  const auto at_work = std::ranges::count_if(desks_, [](const At& at) { return at.worker != nullptr; });
  return static_cast<std::size_t>(busy - at_work);
}

bool ProcessDesks::rests() const {
  return std::ranges::none_of(desks_, [](const At& at) { return at.worker || !at.waiting.empty() || at.source; });
}

void ProcessDesks::refuse(http::Answer answer, std::string_view why) {
  auto reply = http::problem(http::Status::unavailable, why);
  reply.fields = "Retry-After: 1\r\n";
  boost::asio::post(loop_, [answer = std::move(answer), reply = std::move(reply)] { answer(reply); });
}

void ProcessDesks::read(Desk desk, Work work, http::Answer answer) {
  auto& at = desks_[static_cast<std::size_t>(desk)];
  if (!at.worker && left_behind() >= most_left_behind)
    return refuse(std::move(answer), "too many readings of processes hang in the kernel");
  if (at.waiting.size() >= most_waiting) return refuse(std::move(answer), "too many ask about processes");
  last_used_ = Clock::now();
  at.waiting.push_back({std::move(work), std::move(answer), last_used_ + patience_});
  begin(at);
  arm();
}

void ProcessDesks::after(std::chrono::milliseconds time, std::function<void()> call) {
  calls_.push_back({Clock::now() + time, std::move(call)});
  arm();
}

ProcessDesks::Worker& ProcessDesks::free_worker() {
  for (const auto& worker : workers_)
    if (!worker->busy) return *worker;
  return *workers_.emplace_back(std::make_unique<Worker>(loop_));
}

void ProcessDesks::begin(At& at) {
  if (at.worker || at.waiting.empty() || left_behind() >= most_left_behind) return;
  if (!at.source) at.source = make_();
  at.job = std::move(at.waiting.front());
  at.waiting.pop_front();
  at.worker = &free_worker();
  at.worker->busy = true;
  const auto reply = std::make_shared<http::Reply>();
  const auto work = [work = at.job->work, source = at.source, reply] {
    try {
      *reply = work(*source);
    } catch (const std::exception&) {
      *reply = http::problem(http::Status::internal_error, "internal error");
    }
  };
  at.worker->chores.give({work, [this, &at, &worker = *at.worker, reply] { done(at, worker, std::move(*reply)); }, {}});
}

// One that was left behind comes back to nobody.
void ProcessDesks::done(At& at, Worker& worker, http::Reply reply) {
  worker.busy = false;
  if (at.worker == &worker) {
    at.worker = nullptr;
    const auto job = std::exchange(at.job, std::nullopt);
    last_used_ = Clock::now();
    job->answer(std::move(reply));
  }
  for (auto& each : desks_) begin(each);
  arm();
}

void ProcessDesks::let_late_ones_go(At& at, Clock::time_point now) {
  constexpr std::string_view late = "reading the processes takes too long";
  if (at.worker && at.job->deadline <= now) {
    at.worker = nullptr;
    at.source.reset();
    refuse(std::exchange(at.job, std::nullopt)->answer, late);
  }
  while (!at.waiting.empty() && at.waiting.front().deadline <= now) {
    refuse(std::move(at.waiting.front().answer), late);
    at.waiting.pop_front();
  }
  begin(at);
}

void ProcessDesks::call_due(Clock::time_point now) {
  std::vector<Call> due;
  const auto at = std::partition(calls_.begin(), calls_.end(), [&](const Call& call) { return call.when > now; });
  std::move(at, calls_.end(), std::back_inserter(due));
  calls_.erase(at, calls_.end());
  for (const auto& each : due) each.call();
}

void ProcessDesks::ring() {
  const auto now = Clock::now();
  for (auto& at : desks_) let_late_ones_go(at, now);
  call_due(now);
  const bool idle = calls_.empty() && std::ranges::none_of(desks_, [](const At& at) { return at.worker != nullptr; });
  if (idle && now - last_used_ >= memory && !rests()) {
    for (auto& at : desks_) at.source.reset();
    give_memory_back();
  }
  arm();
}

void ProcessDesks::arm() {
  auto next = rests() ? Clock::time_point::max() : last_used_ + memory;
  bool at_work = false;
  for (const auto& at : desks_) {
    at_work |= at.worker != nullptr;
    if (at.job) next = std::min(next, at.job->deadline);
    if (!at.waiting.empty()) next = std::min(next, at.waiting.front().deadline);
  }
  for (const auto& each : calls_) next = std::min(next, each.when);
  if (at_work && next == last_used_ + memory) next = Clock::time_point::max();  // its end will ask again
  if (!alarm_) alarm_.emplace(loop_, [this] { ring(); });
  alarm_->set(next);
}

}  // namespace vitald
