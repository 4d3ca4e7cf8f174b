#pragma once
// The part of the engine that its threads share.
#include "collectors/watch/engine.hpp"
#include "collectors/watch/mount_table.hpp"
#include "collectors/watch/polled_tree.hpp"

#include <deque>
#include <map>
#include <optional>

namespace vitald::watch {

struct Engine::Shared : std::enable_shared_from_this<Engine::Shared> {
  explicit Shared(std::size_t room)
      : drain([this](const Drain::From& from, Block block) { deliver(from, std::move(block)); }, room) {}

  using Done = std::function<void(std::uint64_t)>;
  struct Entry {
    Entry(std::shared_ptr<Watch> its_watch, Tree::MayEnter may_enter)
        : watch(std::move(its_watch)), tree(watch->settings(), std::move(may_enter)) {}
    std::shared_ptr<Watch> watch;
    Tree tree;
    Drain::From from;  // the instance that is drained for it
    std::deque<Block> blocks;
    std::map<std::uint64_t, Done> waiting;
    Clock::time_point due = Clock::time_point::min();
    Standing told;
    // Where the kernel tells nothing:
    std::string polled_path;
    std::unique_ptr<PolledTree> polled;
    std::vector<Event> earlier;  // of one that was left
    std::deque<std::pair<Clock::time_point, Done>> waiting_for_look;
    const Index& index() const { return polled ? polled->index() : tree.index(); }
  };

  // ---- from any thread
  void order(std::function<void()> work);
  void deliver(const Drain::From& from, Block block);

  // ---- the worker
  void run();
  bool stops();
  void take_orders();
  void wait();
  void ask_again(Entry& entry);
  void serve(Entry& entry);
  bool feed(Entry& entry);  // false: there was nothing
  void publish(Entry& entry);
  Entry* entry_of(const Watch* watch);
  void sync(const Watch* watch, Done done);
  void drop(const Watch* watch);
  void ask_limit();

  // engine_polling.cpp
  void choose(Entry& entry);
  Poller::Job job_for(const Entry& entry);
  void take_look(const Watch* watch, const Polled& found);
  static void answer_looks(Entry& entry, Clock::time_point begun);

  Drain drain;
  Bell bell;
  std::mutex mutex;
  std::function<void()> news;  // empty: the engine has gone
  std::vector<std::function<void()>> orders;
  std::vector<std::pair<Drain::From, Block>> delivered;
  bool stop = false;

  std::function<std::unique_ptr<Probe>()> probe;
  std::function<void(const char*, std::function<void()>)> thread;
  std::shared_ptr<Poller> poller;
  std::vector<std::unique_ptr<Entry>> entries;
  std::optional<MountTable> mounts;
  KernelFile limit{"/proc/sys/fs/inotify/max_user_watches", KernelFile::Holds::value};
  KernelFile limit_here{"/proc/sys/user/max_inotify_watches", KernelFile::Holds::value};  // in this user name space
  Clock::time_point limit_at = Clock::time_point::min();
  std::atomic<std::uint64_t> watches_allowed{0};
  std::uint64_t marks = 0;
};

}  // namespace vitald::watch
