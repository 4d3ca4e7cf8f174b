#include "daemon/reader.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace vitald {

struct Reader::Shared {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Job> jobs;
  std::vector<Outcome> outcomes;
  std::optional<Clock::time_point> busy_since;
  bool ending = false, telling = false;
  std::function<void()> on_idle;
};

namespace {

double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

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

Reader::Outcome run(Reader::Job job, Reader::Clock::time_point began) {
  Reader::Outcome outcome{job.place, std::move(job.page), State::ok, {}, began, unix_seconds(), 0};
  const auto done = guarded(*job.collector, *outcome.page, outcome.why);
  if (!done) {
    outcome.state = state_of(done.error());
    outcome.why = outcome.why.empty() ? to_string(done.error()) : "exception: " + outcome.why;
    if (!outcome.page->shown_despite_fault) outcome.page.reset();
  }
  outcome.duration_seconds = std::chrono::duration<double>(Reader::Clock::now() - began).count();
  return outcome;
}

template <class Shared>
void work(Shared& shared) {
  std::unique_lock lock(shared.mutex);
  for (;;) {
    shared.wake.wait(lock, [&] { return shared.ending || !shared.jobs.empty(); });
    if (shared.jobs.empty()) return;  // ending
    while (!shared.jobs.empty()) {
      auto job = std::move(shared.jobs.front());
      shared.jobs.pop_front();
      const auto began = Reader::Clock::now();
      shared.busy_since = began;
      lock.unlock();
      auto outcome = run(std::move(job), began);
      lock.lock();
      shared.outcomes.push_back(std::move(outcome));
      shared.busy_since.reset();
    }
    if (shared.ending) return;
    shared.telling = true;
    lock.unlock();  // else the loop, woken by this, would wait for the lock
    shared.on_idle();
    lock.lock();
    shared.telling = false;
    if (shared.ending) shared.wake.notify_all();
  }
}

}  // namespace

Reader::Reader(std::function<void()> on_idle) : shared_(std::make_shared<Shared>()) {
  shared_->on_idle = std::move(on_idle);
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are the loop's
  std::thread thread([shared = shared_] { work(*shared); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  thread_ = thread.native_handle();
  ::pthread_setname_np(thread_, "vitald-reader");
  thread.detach();  // one that hangs can be joined by nobody
}

Reader::~Reader() {
  std::unique_lock lock(shared_->mutex);
  shared_->ending = true;
  shared_->jobs.clear();
  shared_->wake.notify_all();
  shared_->wake.wait(lock, [this] { return !shared_->telling; });
}

void Reader::give(std::vector<Job> jobs) {
  {
    const std::lock_guard lock(shared_->mutex);
    std::ranges::move(jobs, std::back_inserter(shared_->jobs));
  }
  shared_->wake.notify_one();
}

std::vector<Reader::Job> Reader::take_back() {
  const std::lock_guard lock(shared_->mutex);
  std::vector<Job> rest(std::make_move_iterator(shared_->jobs.begin()), std::make_move_iterator(shared_->jobs.end()));
  shared_->jobs.clear();
  return rest;
}

void Reader::take_outcomes(std::vector<Outcome>& into) {
  const std::lock_guard lock(shared_->mutex);
  std::ranges::move(shared_->outcomes, std::back_inserter(into));
  shared_->outcomes.clear();
}

std::optional<Reader::Clock::time_point> Reader::busy_since() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->busy_since;
}

bool Reader::has_more() const {
  const std::lock_guard lock(shared_->mutex);
  return !shared_->jobs.empty();
}

}  // namespace vitald
