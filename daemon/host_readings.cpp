#include "daemon/host_readings.hpp"

#include "daemon/unix_time.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace vitald {
namespace {

bool has_rows(const Page& page) {
  bool found = page.foreign != nullptr;
  page.each([&](const Rows& rows) { found = found || rows.count > 0; });
  return found;
}

double seconds_since(http::Readings::Clock::time_point then) {
  return std::chrono::duration<double>(http::Readings::Clock::now() - then).count();
}

}  // namespace

HostReadings::HostReadings(boost::asio::io_context& loop, Log& log, std::unique_ptr<CollectorSet> set,
                           Clock::duration freshness, Lane* here, Absences absences)
    : loop_(loop),
      log_(log),
      set_(std::move(set)),
      schedule_(freshness),
      absences_(std::move(absences)),
      here_(here),
      waker_(loop, [this] { take(); }),
      alarm_(loop, [this] { check(); }) {
  know({});
}

void HostReadings::ask(const http::Selection& selection, Clock::duration patience, Ready ready) {
  enlist(selection, Clock::now() + patience, std::move(ready));
  asking_ = true;
  pump();
  asking_ = false;
}

std::shared_ptr<const http::View> HostReadings::fresh(const http::Selection& selection) {
  const auto now = Clock::now();
  return schedule_.fresh(selection & readable_, now) ? view_of(selection, now) : nullptr;
}

void HostReadings::enlist(http::Selection selection, Clock::time_point deadline, Ready ready) {
  const auto ticket = schedule_.ask(selection & readable_, Clock::now(), deadline);
  askers_.emplace(ticket, Asker{selection, deadline, std::move(ready)});
}

void HostReadings::pump() {
  for (auto due = schedule_.due(); due.any(); due = schedule_.due()) start(due);
  std::vector<std::pair<Ready, std::shared_ptr<const http::View>>> answers;
  const auto now = Clock::now();
  for (const auto ticket : schedule_.settled()) {
    auto asker = askers_.extract(ticket);
    auto view = view_of(asker.mapped().selection, now);
    answers.emplace_back(std::move(asker.mapped().ready), std::move(view));
  }
  // While somebody waits: the next deadline, or to look whether a reader hangs. What this thread is about to read by
  // itself is either over before that, or watch() is called.
  const bool at_hand = here_ && here_->has_more() && !here_->busy_since();
  const auto next = std::min(schedule_.next_deadline(), now + patience_of_others);
  if (!at_hand) alarm_.set(askers_.empty() ? Clock::time_point::max() : next);
  for (auto& [ready, view] : answers) {
    if (asking_)
      boost::asio::post(loop_, [ready = std::move(ready), view = std::move(view)] { ready(view); });
    else
      ready(std::move(view));  // may ask anew
  }
}

// One that had nothing to tell of asks no slow bus: it is read with the others, and no thread is woken for it.
bool HostReadings::is_slow(const Running& running) {
  return running.latest.entry && running.latest.entry->runs == Entry::Runs::slow && !running.had_nothing;
}

// Those for which there is still nothing to read have their answer without a reading.
http::Selection HostReadings::keep_absent(const http::Selection& due, Clock::time_point now, double began) {
  if (!absences_.any()) return {};
  const auto absent = due & absences_.still(set_->events.news(), now);
  for (std::size_t i = 0; i < absent.size(); ++i) {
    if (!absent[i]) continue;
    schedule_.ended(i, now);
    auto& latest = running_[i].latest;
    latest.duration_seconds = 0;
    latest.sampled_at_seconds = began;
    if (latest.state == State::ok) latest.last_success_seconds = began;
  }
  if (absent.any()) ++serial_;
  return absent;
}

void HostReadings::start(http::Selection due) {
  ++sweeps_;
  set_->sources.next_generation();
  schedule_.began(due);
  const auto now = Clock::now();
  const auto unix_now = unix_seconds();
  due &= ~keep_absent(due, now, unix_now);
  std::vector<Lane::Job> fast, slow;
  fast.reserve(due.count());
  for (std::size_t i = 0; i < running_.size(); ++i) {
    if (!due[i]) continue;
    auto& running = running_[i];
    running.began = now;
    (is_slow(running) ? slow : fast)
        .push_back({i, running.collector, running.pages.blank(), set_number_, now, unix_now});
  }
  if (!slow.empty()) dispatch(slow_, std::move(slow));
  if (fast.empty()) return;
  if (here_)
    dispatch_here(std::move(fast));
  else
    dispatch(fast_, std::move(fast));
}

void HostReadings::fail(std::size_t place, std::string why) {
  schedule_.ended(place, Clock::now());
  running_[place].latest.duration_seconds = 0;
  set_state(running_[place].latest, State::timeout, std::move(why));
  ++serial_;
}

void HostReadings::take_outcomes() {
  // Looked at before: who is idle now has told all, and who comes to an end while we look is let go the next time.
  const auto idle = [](const auto& reader) { return reader->lane().idle(); };
  const auto ended = std::stable_partition(left_behind_.begin(), left_behind_.end(), std::not_fn(idle));
  const bool stood_in = here_ && fast_ && idle(fast_);
  if (here_) here_->take_outcomes(outcomes_);
  for (auto* reader : {&fast_, &slow_})
    if (*reader) (*reader)->lane().take_outcomes(outcomes_);
  for (auto& reader : left_behind_) reader->lane().take_outcomes(outcomes_);
  for (auto& outcome : outcomes_) apply(std::move(outcome));
  outcomes_.clear();
  left_behind_.erase(ended, left_behind_.end());
  if (here_hangs_ && here_->idle()) here_hangs_ = false;
  if (stood_in && !here_hangs_) fast_.reset();
}

void HostReadings::apply(Lane::Outcome outcome) {
  if (outcome.set != set_number_) return count_out(outcome.set);
  schedule_.ended(outcome.place, outcome.began);
  absences_.found(outcome.place, outcome.kernel_lacks_it, outcome.began);
  ++serial_;
  running_[outcome.place].had_nothing =
      outcome.state == State::absent || (outcome.state == State::ok && !has_rows(*outcome.page));
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

void HostReadings::take() {
  take_outcomes();
  pump();
}

void HostReadings::watch() { pump(); }

void HostReadings::check() {
  take_outcomes();
  look_after_here();
  look_after(fast_);
  look_after(slow_);
  const auto late = schedule_.expire(Clock::now());
  for (std::size_t i = 0; i < late.size(); ++i)
    if (late[i]) {
      running_[i].latest.duration_seconds = seconds_since(running_[i].began);
      set_state(running_[i].latest, State::timeout, "no answer in time");
      ++serial_;
    }
  pump();
}

std::shared_ptr<const http::View> HostReadings::view_of(const http::Selection& selection, Clock::time_point now) {
  const bool fresh = now - viewed_at_ <= schedule_.freshness();  // else its text would say of late ones what was
  if (view_ && viewed_ == selection && viewed_serial_ == serial_ && fresh) return view_;
  auto made = std::make_shared<http::View>();
  made->readings.reserve(known_.size());
  for (std::size_t i = 0; i < known_.size(); ++i)
    if (selection[i]) made->readings.push_back(running_[i].latest);
  if (selection[http::self_place]) made->self = running_[http::self_place].latest.page;
  viewed_ = selection;
  viewed_serial_ = serial_;
  viewed_at_ = now;
  return view_ = std::move(made);
}

std::shared_ptr<const http::View> HostReadings::latest() const {
  auto made = std::make_shared<http::View>();
  for (std::size_t i = 0; i < known_.size(); ++i)
    if (known_[i].on) made->readings.push_back(running_[i].latest);
  made->self = running_[http::self_place].latest.page;
  return made;
}

}  // namespace vitald
