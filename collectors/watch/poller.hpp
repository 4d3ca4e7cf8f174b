#pragma once
// Looks at trees of which the kernel tells nothing, again and again, by a probe: what lies on other hosts may hang.
#include "collectors/base/probe.hpp"
#include "collectors/watch/instance.hpp"

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace vitald::watch {

// What was found by one look.
struct Polled {
  struct Folder {
    std::string path;     // below the root, whose own is empty
    std::string records;  // of list_folder()
    int error = 0;        // ENOENT: it has gone meanwhile
  };
  std::vector<Folder> folders;  // parents before what is in them
  int error = 0;                // why there is nothing
  std::string at;               // where that was
  std::uint64_t device = 0;     // of the root
  Clock::time_point begun;
};

class Poller {
 public:
  struct Job {
    const void* who = nullptr;
    std::string root;
    std::chrono::nanoseconds every{};
    bool recursive = true;
    std::function<bool(std::string_view path, std::string_view name)> enters;  // a directory
    std::function<void(Polled)> take;                                          // on the poller's thread
  };
  explicit Poller(std::unique_ptr<Probe> probe) : probe_(std::move(probe)) {}

  // From any thread.
  void add(Job job);
  void remove(const void* who);  // `take` may be called once more
  void hurry(const void* who);   // a look that begins after this
  void stop();

  int abandoned() const { return probe_->abandoned(); }

  void run();  // the thread, until stop()

 private:
  struct Task {
    Job job;
    Clock::time_point due;
  };
  Task* next();
  Polled look(const Job& job);
  bool list(const Job& job, const std::vector<std::string>& level, std::size_t from, Polled& out);
  static void go_down(const Job& job, const Polled::Folder& folder, std::uint64_t device,
                      std::vector<std::string>& level);

  const std::unique_ptr<Probe> probe_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Task> tasks_;
  bool stop_ = false;
};

}  // namespace vitald::watch
