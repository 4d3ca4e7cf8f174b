#include "daemon/host_readings.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace vitald {
namespace {

constexpr std::size_t most_left_behind = 4;
// A collector that takes longer than this no longer holds up those behind it.
constexpr auto patience_of_others = std::chrono::milliseconds(100);

double seconds_since(http::Readings::Clock::time_point then) {
  return std::chrono::duration<double>(http::Readings::Clock::now() - then).count();
}

}  // namespace

HostReadings::HostReadings(boost::asio::io_context& loop, Log& log, Sources& sources, std::vector<Member> members,
                           std::unique_ptr<Collector> self, Clock::duration freshness)
    : loop_(loop),
      log_(log),
      sources_(sources),
      running_(http::Selection().size()),
      schedule_(freshness),
      alarm_(loop, [this] { check(); }),
      waker_(loop, [this] {
        take_outcomes();
        pump();
      }) {
  for (auto& member : members) {
    auto& running = running_[known_.size()];
    known_.push_back({member.entry, member.on});
    running.latest.entry = member.entry;
    running.collector = std::move(member.collector);
    if (member.on && !running.collector) {
      running.latest.state = State::unsupported;
      running.latest.why = "this build has no such collector";
    }
  }
  running_[http::self_place].collector = std::move(self);
}

void HostReadings::ask(const http::Selection& selection, Clock::duration patience, Ready ready) {
  auto readable = selection;
  for (std::size_t i = 0; i < readable.size(); ++i)
    if (!running_[i].collector) readable.reset(i);
  const auto now = Clock::now();
  const auto ticket = schedule_.ask(readable, now, now + patience);
  askers_.emplace(ticket, Asker{selection, std::move(ready)});
  asking_ = true;
  pump();
  asking_ = false;
}

void HostReadings::pump() {
  for (auto due = schedule_.due(); due.any(); due = schedule_.due()) start(due);
  std::vector<std::pair<Ready, std::shared_ptr<const http::View>>> answers;
  for (const auto ticket : schedule_.settled()) {
    auto asker = askers_.extract(ticket);
    auto view = view_of(asker.mapped().selection);
    answers.emplace_back(std::move(asker.mapped().ready), std::move(view));
  }
  // While somebody waits: the next deadline, or to look whether a reader hangs.
  const auto next = std::min(schedule_.next_deadline(), Clock::now() + patience_of_others);
  alarm_.set(askers_.empty() ? Clock::time_point::max() : next);
  for (auto& [ready, view] : answers) {
    if (asking_)
      boost::asio::post(loop_, [ready = std::move(ready), view = std::move(view)] { ready(view); });
    else
      ready(std::move(view));  // may ask anew
  }
}

void HostReadings::start(const http::Selection& due) {
  ++sweeps_;
  sources_.next_generation();
  schedule_.began(due);
  const auto now = Clock::now();
  std::vector<Reader::Job> fast, slow;
  fast.reserve(due.count());
  for (std::size_t i = 0; i < running_.size(); ++i) {
    if (!due[i]) continue;
    auto& running = running_[i];
    running.began = now;
    const bool is_slow = running.latest.entry && running.latest.entry->runs == Entry::Runs::slow;
    (is_slow ? slow : fast).push_back({i, running.collector.get(), running.pages.blank()});
  }
  if (!slow.empty()) dispatch(slow_, std::move(slow));
  if (!fast.empty()) dispatch(fast_, std::move(fast));
}

std::unique_ptr<Reader> HostReadings::new_reader() {
  return std::make_unique<Reader>([this] { waker_.wake(); });
}

bool HostReadings::leave_behind(std::unique_ptr<Reader>& lane, std::vector<Reader::Job>& rest) {
  if (left_behind_.size() >= most_left_behind) return false;
  same_cpu_.release();
  run_anywhere(lane->thread());
  for (auto& job : lane->take_back()) rest.push_back(std::move(job));
  left_behind_.push_back(std::move(lane));
  lane = new_reader();
  return true;
}

void HostReadings::dispatch(std::unique_ptr<Reader>& lane, std::vector<Reader::Job> jobs) {
  if (!lane) lane = new_reader();
  const auto since = lane->busy_since();
  if (!since && &lane == &fast_) same_cpu_.hold(lane->thread());
  const bool hangs = since && Clock::now() - *since > patience_of_others;
  if (!hangs || leave_behind(lane, jobs)) return lane->give(std::move(jobs));
  refuse(jobs);
}

void HostReadings::refuse(const std::vector<Reader::Job>& jobs) {
  for (const auto& job : jobs) fail(job.place, "too many collectors hang; not asked");
}

void HostReadings::fail(std::size_t place, std::string why) {
  schedule_.ended(place, Clock::now());
  running_[place].latest.duration_seconds = 0;
  set_state(running_[place].latest, State::timeout, std::move(why));
  ++serial_;
}

void HostReadings::take_outcomes() {
  same_cpu_.release();
  const auto idle = [](const auto& reader) { return !reader->busy_since() && !reader->has_more(); };
  for (auto* lane : {&fast_, &slow_})
    if (*lane) (*lane)->take_outcomes(outcomes_);
  for (auto& reader : left_behind_) reader->take_outcomes(outcomes_);
  for (auto& outcome : outcomes_) apply(std::move(outcome));
  outcomes_.clear();
  std::erase_if(left_behind_, idle);
}

void HostReadings::apply(Reader::Outcome outcome) {
  schedule_.ended(outcome.place, outcome.began);
  ++serial_;
  auto& latest = running_[outcome.place].latest;
  latest.duration_seconds = outcome.duration_seconds;
  latest.sampled_at_seconds = outcome.began_unix_seconds;
  if (outcome.state == State::ok) latest.last_success_seconds = outcome.began_unix_seconds;
  set_state(latest, outcome.state, std::move(outcome.why));
  latest.page = std::move(outcome.page);
}

void HostReadings::set_state(http::Reading& reading, State state, std::string why) {
  const auto before = reading.state;
  const bool failed_before = !reading.why.empty();
  if (state != State::ok) reading.page.reset();
  reading.state = state;
  reading.why = std::move(why);
  if (!reading.entry || (state == before && failed_before == !reading.why.empty())) return;
  if (state == State::ok) {
    if (failed_before) log_.info("collector works again", {{"collector", reading.entry->name}});
  } else if (state == State::absent) {
    log_.debug("collector has no data", {{"collector", reading.entry->name}, {"reason", reading.why}});
  } else {
    log_.warn("collector fails", {{"collector", reading.entry->name}, {"reason", reading.why}});
  }
}

void HostReadings::check() {
  take_outcomes();
  for (auto* lane : {&fast_, &slow_}) {
    const auto since = *lane ? (*lane)->busy_since() : std::nullopt;
    if (!since || Clock::now() - *since < patience_of_others || !(*lane)->has_more()) continue;
    std::vector<Reader::Job> rest;
    if (leave_behind(*lane, rest))
      (*lane)->give(std::move(rest));
    else
      refuse((*lane)->take_back());
  }
  const auto late = schedule_.expire(Clock::now());
  for (std::size_t i = 0; i < late.size(); ++i)
    if (late[i]) {
      running_[i].latest.duration_seconds = seconds_since(running_[i].began);
      set_state(running_[i].latest, State::timeout, "no answer in time");
      ++serial_;
    }
  pump();
}

std::shared_ptr<const http::View> HostReadings::view_of(const http::Selection& selection) {
  if (view_ && viewed_ == selection && viewed_serial_ == serial_) return view_;
  auto made = std::make_shared<http::View>();
  made->readings.reserve(known_.size());
  for (std::size_t i = 0; i < known_.size(); ++i)
    if (selection[i]) made->readings.push_back(running_[i].latest);
  if (selection[http::self_place]) made->self = running_[http::self_place].latest.page;
  viewed_ = selection;
  viewed_serial_ = serial_;
  return view_ = std::move(made);
}

std::shared_ptr<const http::View> HostReadings::latest() const {
  auto made = std::make_shared<http::View>();
  for (std::size_t i = 0; i < known_.size(); ++i)
    if (known_[i].on) made->readings.push_back(running_[i].latest);
  return made;
}

}  // namespace vitald
