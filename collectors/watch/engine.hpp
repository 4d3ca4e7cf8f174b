#pragma once
// All watches, on two threads: one moves what the kernel tells out of its queue (Drain), the other makes events of it.
// Where there is no watch, there is no engine.
#include "collectors/base/probe.hpp"
#include "collectors/watch/drain.hpp"
#include "collectors/watch/tree.hpp"
#include "collectors/watch/watch.hpp"

#include <functional>
#include <memory>

namespace vitald::watch {

class Engine {
 public:
  struct Outside {
    // Runs the work on a thread of that name that nobody joins: it may hang in a file system.
    std::function<void(const char* name, std::function<void()> work)> thread;
    std::function<void()> news;  // some watch has events or is doing otherwise; from the worker's thread, and short
    std::size_t room = std::size_t{32} << 20;  // for what the kernel has told and nobody has looked at
    // Who asks where the kernel tells nothing; empty: nobody does, and such a watch is in `error`.
    std::function<std::unique_ptr<Probe>()> probe = {};
  };
  explicit Engine(Outside outside);
  ~Engine();  // no call of `news` after it
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  std::shared_ptr<Watch> add(Settings settings, Bounds bounds = {});
  void remove(const std::shared_ptr<Watch>& watch);
  // Calls, on the worker's thread, with the number of the last event when all that was done before this is told.
  void sync(const std::shared_ptr<Watch>& watch, std::function<void(std::uint64_t)> done);
  // Calls, on the worker's thread, with the tree as it is after that event; null: the watch has gone.
  void look(const std::shared_ptr<Watch>& watch, std::function<void(const Index*, std::uint64_t)> look);

  Common common() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace vitald::watch
