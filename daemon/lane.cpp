#include "daemon/lane.hpp"

#include "collectors/base/kernel_file.hpp"
#include "daemon/unix_time.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vitald {
namespace {

// The collectors' frame: faults are values, and an exception is a bug that costs one collector one reading.
Result<void> guarded(Collector& collector, Page& page, std::string& why) {
  try {
    return collector.collect(page);
  } catch (const std::exception& bug) {
    why = bug.what();
    page.shown_despite_fault = false;
    return Fault{Parse::unknown_layout, "exception"};
  }
}

bool kernel_lacks(const Fault& fault) {
  return fault.code == boost::system::errc::no_such_file_or_directory && only_kernel_adds(fault.what);
}

// Those that are read together have begun at one time, unless one held up the others.
constexpr auto together = std::chrono::milliseconds(20);

double began_unix_seconds(const Lane::Job& job, Lane::Clock::time_point began) {
  return began - job.given < together ? job.given_unix_seconds : unix_seconds();
}

Lane::Outcome run(Lane::Job job, Lane::Clock::time_point began) {
  const auto unix_time = began_unix_seconds(job, began);
  Lane::Outcome outcome{job.place, std::move(job.page), State::ok, {}, began, unix_time, 0, job.set};
  const auto done = guarded(*job.collector, *outcome.page, outcome.why);
  if (outcome.page->lacking) outcome.kernel_lacks_it = kernel_lacks(*outcome.page->lacking);
  if (!done) {
    outcome.state = state_of(done.error());
    if (!outcome.page->shown_despite_fault && kernel_lacks(done.error())) outcome.kernel_lacks_it = true;
    outcome.why = outcome.why.empty() ? to_string(done.error()) : "exception: " + outcome.why;
    if (!outcome.page->shown_despite_fault) outcome.page.reset();
  }
  outcome.duration_seconds = std::chrono::duration<double>(Lane::Clock::now() - began).count();
  return outcome;
}

}  // namespace

void Lane::work() {
  std::unique_lock lock(mutex_);
  while (!jobs_.empty()) {
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    const auto began = Clock::now();
    busy_since_ = began;
    lock.unlock();
    auto outcome = run(std::move(job), began);
    lock.lock();
    outcomes_.push_back(std::move(outcome));
    busy_since_.reset();
  }
}

void Lane::give(std::vector<Job> jobs) {
  const std::lock_guard lock(mutex_);
  std::ranges::move(jobs, std::back_inserter(jobs_));
}

std::vector<Lane::Job> Lane::take_back() {
  const std::lock_guard lock(mutex_);
  std::vector<Job> rest(std::make_move_iterator(jobs_.begin()), std::make_move_iterator(jobs_.end()));
  jobs_.clear();
  return rest;
}

void Lane::take_outcomes(std::vector<Outcome>& into) {
  const std::lock_guard lock(mutex_);
  std::ranges::move(outcomes_, std::back_inserter(into));
  outcomes_.clear();
}

std::optional<Lane::Clock::time_point> Lane::busy_since() const {
  const std::lock_guard lock(mutex_);
  return busy_since_;
}

bool Lane::has_more() const {
  const std::lock_guard lock(mutex_);
  return !jobs_.empty();
}

bool Lane::idle() const {
  const std::lock_guard lock(mutex_);
  return jobs_.empty() && !busy_since_;
}

}  // namespace vitald
