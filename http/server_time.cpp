// A server's times, and what its connections lend each other.
#include "http/server.hpp"
#include "http/work.hpp"

#include <algorithm>
#include <ctime>

namespace vitald::http {

using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t most_spare_works = 16;  // requests that are mostly at hand at once
constexpr std::size_t most_spare_input = 16 * 1024;

}  // namespace

// ---- times

// The timer may stand a little too early, so that it is not set anew for each request; never too late.
void Server::arm() {
  const auto next = roster_.next_deadline();
  const auto slack = std::min(limits_.idle / 10, Limits::ms(30'000));
  if (next < timer_set_for_ || next - timer_set_for_ > slack) watch(next);
}

void Server::watch(Time deadline) {
  timer_set_for_ = deadline;
  timer_.expires_at(deadline);
  timer_.async_wait([this](error_code ec) {
    if (!ec) expire();
  });
}

void Server::expire() {
  timer_set_for_ = Time::max();
  const auto now = Clock::now();
  while (const auto session = roster_.overdue(now)) {
    if (session->standing.phase == Phase::listening) {
      session->heartbeat();
      continue;
    }
    count_timeout(session->standing.phase);
    session->time_is_over();
  }
  if (roster_.size() != 0) watch(roster_.next_deadline());
}

void Server::count_timeout(Phase phase) {
  switch (phase) {
    case Phase::handshake: return traffic_.refused(Refusal::handshake_timeout);
    case Phase::first_head:
    case Phase::head: return traffic_.refused(Refusal::header_timeout);
    case Phase::body: return traffic_.refused(Refusal::body_timeout);
    case Phase::write: return traffic_.refused(Refusal::write_timeout);
    default: return;  // its time was simply over
  }
}

std::string_view Server::date() {
  const auto now = std::time(nullptr);
  if (now != date_of_) {
    date_of_ = now;
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::strftime(date_, sizeof date_, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  }
  return date_;
}

// ---- what requests at hand share

std::unique_ptr<Session::Work> Server::lend_work() {
  if (spare_works_.empty()) return std::make_unique<Session::Work>();
  auto work = std::move(spare_works_.back());
  spare_works_.pop_back();
  return work;
}

void Server::take_back(std::unique_ptr<Session::Work> work) {
  if (!work || spare_works_.size() == most_spare_works || work->input.capacity() > most_spare_input) return;
  work->input.clear();
  work->seen = 0;
  work->body.forget();
  work->view.reset();
  work->refusal = {};
  spare_works_.push_back(std::move(work));
}

}  // namespace vitald::http
