#pragma once
// A folder that is watched, and a client that knows it by the events alone.
#include "collectors/watch/engine.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace vitald::test {

using Picture = std::map<std::string, bool>;  // path -> whether it is a directory

Picture on_disk(const std::string& root);  // of any depth, no links followed

std::string difference(const Picture& has, const Picture& should);  // for people

// What a client does with the events.
void replay(const watch::Event& event, Picture& picture);

class WatchedFolder {
 public:
  // On tmpfs where there is /dev/shm.
  explicit WatchedFolder(const std::string& parent = "");
  ~WatchedFolder();
  WatchedFolder(const WatchedFolder&) = delete;
  WatchedFolder& operator=(const WatchedFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string outside() const { return top_ + "/outside"; }  // on the same file system, not watched
  // Shell commands, in the folder; ".." has outside/ in it.
  void sh(const std::string& commands) const;

 private:
  std::string top_, path_;
};

// A tree that is driven by hand: nothing is read from the kernel but in pump().
class ByHand {
 public:
  explicit ByHand(
      watch::Settings settings, watch::Tree::MayEnter may_enter = [](const std::string&) { return true; })
      : tree(std::move(settings), std::move(may_enter)) {
    pump();
  }
  void pump();                    // until all is told
  void feed(std::size_t events);  // so many of what the kernel has, and no step
  void step();
  std::vector<watch::Event> events();  // pumps; those since the last call, which the picture has
  std::string told();                  // the same, a word for each: "created a, moved a->b"

  watch::Tree tree;
  Picture picture;  // from the events and from the first tree
  std::vector<watch::Event> all;

 private:
  void keep();
  void read();
  void mark(std::uint64_t number);
  std::shared_ptr<watch::Instance> from_;
  std::deque<watch::Block> read_;  // of it, one event each
  std::size_t shown_ = 0;
  std::uint64_t marks_ = 0;
  bool started_ = false;
};

watch::Settings settings_for(const WatchedFolder& folder);
std::string words(const std::vector<watch::Event>& events);

// What the index has.
Picture known(const watch::Index& index);
inline Picture known(const watch::Tree& tree) { return known(tree.index()); }

// An engine on threads of its own, with one watch.
class WatchEngine {
 public:
  explicit WatchEngine(watch::Settings settings, watch::Bounds bounds = {}, std::size_t room = std::size_t{32} << 20);
  ~WatchEngine();
  std::uint64_t sync() const;
  void wait_until_ready() const;
  const Picture& picture();    // from the first tree and all events so far
  void block_worker(bool on);  // it looks at nothing meanwhile
  std::vector<watch::Event> events() const { return watch->after(0, SIZE_MAX).events; }

  struct Threads;
  std::shared_ptr<Threads> threads;
  std::unique_ptr<watch::Engine> engine;
  std::shared_ptr<watch::Watch> watch;

 private:
  Picture picture_;
  std::uint64_t seen_ = 0;
};

}  // namespace vitald::test
