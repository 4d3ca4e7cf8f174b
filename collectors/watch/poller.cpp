#include "collectors/watch/poller.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace vitald::watch {
namespace {

constexpr std::size_t folders_at_once = 64;
constexpr auto patience = std::chrono::seconds(5);
constexpr unsigned poll_share = 10;  // of the time, at most one part in so many

std::string path_below(const std::string& root, std::string_view path) {
  if (path.empty()) return root;
  auto whole = root == "/" ? root : root + "/";
  return whole.append(path);
}

}  // namespace

void Poller::add(Job job) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back({std::move(job), Clock::now()});
  changed_.notify_all();
}

void Poller::remove(const void* who) {
  const std::lock_guard lock(mutex_);
  std::erase_if(tasks_, [&](const Task& task) { return task.job.who == who; });
}

void Poller::hurry(const void* who) {
  const std::lock_guard lock(mutex_);
  for (auto& task : tasks_)
    if (task.job.who == who) task.due = Clock::now();
  changed_.notify_all();
}

void Poller::stop() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  tasks_.clear();
  changed_.notify_all();
}

Poller::Task* Poller::next() {
  const auto first = std::ranges::min_element(tasks_, {}, &Task::due);
  return first == tasks_.end() ? nullptr : &*first;
}

void Poller::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    auto* const task = next();
    if (!task) {
      changed_.wait(lock);
    } else if (const auto due = task->due; due > Clock::now()) {
      changed_.wait_until(lock, due);
    } else {
      const auto job = task->job;
      task->due = Clock::time_point::max();  // one that hurries meanwhile has it earlier
      lock.unlock();
      auto found = look(job);
      const auto took = found.error == 0 ? Clock::now() - found.begun : Clock::duration::zero();  // waiting is no work
      job.take(std::move(found));
      lock.lock();
      const auto then = Clock::now() + std::max<Clock::duration>(job.every, took * poll_share);
      for (auto& each : tasks_)
        if (each.job.who == job.who) each.due = std::min(each.due, then);
    }
  }
}

// Level by level.
Polled Poller::look(const Job& job) {
  Polled found;
  found.begun = Clock::now();
  std::vector<std::string> level{""};
  while (!level.empty()) {
    const auto before = found.folders.size();
    for (std::size_t from = 0; from < level.size(); from += folders_at_once)
      if (!list(job, level, from, found)) return found;
    level.clear();
    if (!job.recursive) break;
    for (auto i = before; i < found.folders.size(); ++i) go_down(job, found.folders[i], found.device, level);
  }
  return found;
}

// False: it does not answer, or the root is not there.
bool Poller::list(const Job& job, const std::vector<std::string>& level, std::size_t from, Polled& out) {
  const auto count = std::min(folders_at_once, level.size() - from);
  std::vector<std::string> paths(count), records(count);
  std::vector<Probe::Question> questions(count);
  for (std::size_t i = 0; i < count; ++i) {
    paths[i] = path_below(job.root, level[from + i]);
    questions[i].path = paths[i];
    questions[i].wants = Probe::Wants::names;
    questions[i].bytes = &records[i];
  }
  probe_->ask(questions, patience);
  for (std::size_t i = 0; i < count; ++i) {
    const int error = questions[i].error;
    const bool is_root = level[from + i].empty();
    if (is_root) out.device = questions[i].stamp.device;
    if (error == ETIMEDOUT || (is_root && error != 0)) {
      out.error = error;
      out.at = paths[i];
      return false;
    }
    out.folders.push_back({level[from + i], error == 0 ? std::move(records[i]) : std::string(), error});
  }
  return true;
}

// What is mounted below is not entered.
void Poller::go_down(const Job& job, const Polled::Folder& folder, std::uint64_t device,
                     std::vector<std::string>& level) {
  std::string_view records = folder.records;
  for (ListedFile file; take_listed(records, file);) {
    if (!file.is_folder || file.stamp.device != device) continue;
    auto path = folder.path.empty() ? std::string(file.path) : std::string(folder.path).append("/").append(file.path);
    if (job.enters(path, file.path)) level.push_back(std::move(path));
  }
}

}  // namespace vitald::watch
