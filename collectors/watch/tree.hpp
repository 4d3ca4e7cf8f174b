#pragma once
// One watch: keeps the index equal to the disk by what the kernel tells and by looking for itself, and tells every
// difference once.
//
// A directory is watched first and listed then. What happens in between is both in the listing and in the kernel's
// queue: the index knows it by then, and it is told once.
#include "collectors/base/watch_settings.hpp"
#include "collectors/watch/backlog.hpp"
#include "collectors/watch/file_facts.hpp"
#include "collectors/watch/folder.hpp"
#include "collectors/watch/index.hpp"
#include "collectors/watch/patterns.hpp"

#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace vitald::watch {

// One thread at a time.
class Tree {
 public:
  // Whether a path can be entered without waiting for another host.
  using MayEnter = std::function<bool(const std::string&)>;
  Tree(Settings settings, MayEnter may_enter);

  void take(Block block);  // that was read from instance()
  // Works for some milliseconds; says when it wants to be called again, before the next block at the latest.
  Clock::time_point step();
  void mounts_changed();

  const std::shared_ptr<Instance>& instance() const { return instance_; }  // null: the kernel allows no more
  std::size_t backlog() const { return backlog_.size(); }
  bool waits_for_more() const { return !backlog_.empty() && waits_for_half(backlog_.front()); }
  std::vector<Event> take_events() { return std::exchange(events_, {}); }
  std::vector<std::uint64_t> take_marks() { return std::exchange(reached_, {}); }  // all before them is told
  Standing standing() const;
  const Settings& settings() const { return settings_; }
  const Index& index() const { return index_; }
  const std::string& foreign_root() const { return foreign_root_; }  // empty: the kernel tells of it
  bool was_there() const { return was_there_; }

  static constexpr auto hold = std::chrono::milliseconds(10);  // for the second half of a move
  // True once: a block with the mark `fence` is wanted, when all has been read that the kernel has now. What comes
  // after that is younger than what was seen on the disk before.
  static constexpr std::uint64_t fence = UINT64_MAX;
  bool wants_fence() { return std::exchange(wants_fence_, false); }

 private:
  enum class Mode : std::uint8_t {
    quiet,       // at the start: nobody knows anything yet
    told,        // what is found is told
    difference,  // what is found and not known, or known and not found, is told
    level,       // the same for one directory, without what is below
    check        // whether it is the directory that is known
  };
  static constexpr std::int64_t tick_of_files_ns = 20'000'000;  // file systems' clocks go in steps
  static bool walks(Mode mode) { return mode == Mode::quiet || mode == Mode::difference; }
  struct Scan {
    Place place;
    std::uint32_t serial;
    Mode mode;
    bool operator<(const Scan& other) const {
      return std::tie(place, serial, mode) < std::tie(other.place, other.serial, other.mode);
    }
  };

  // step by step
  bool work();
  Clock::time_point next_time() const;

  // tree_settle.cpp
  bool finish();
  void reach_marks();
  bool retry();
  void give_up();
  bool verify();
  void finish_walk();
  void looked();

  // tree_measure.cpp: sizes and times of files
  void stale(Place place);
  bool measure();
  void measure_one(Place place);
  void measured();
  bool sizes_are_good() const;

  // tree_events.cpp: what the kernel tells
  bool apply_front();
  bool waits_for_half(const KernelEvent& event) const;
  void apply(const KernelEvent& event);
  void root_told(const KernelEvent& event);
  void ignored(Place folder, const KernelEvent& event);
  void arrived(Place folder, const KernelEvent& event);
  void left(Place folder, const KernelEvent& event);
  void moved_from(Place folder, const KernelEvent& event);
  void moved(Place place, Place folder, const KernelEvent& to);
  bool exchanged(Place one, Place folder, const KernelEvent& to);
  bool both_stand(Place one, Place other);
  void changed(Place folder, const KernelEvent& event);
  void overflowed(const KernelEvent& event);
  bool known_ahead(Place folder, const KernelEvent& event) const;
  void clear_way(Place place);

  // tree_scan.cpp: looking
  void walk(Mode mode);
  void scan(const Scan& at);
  bool is_known(const Scan& at) const;  // and no other has its place
  Folder open(Place place);
  const Folder& opened(Place folder);
  bool open_slice_root();
  bool is_watched_root(const Folder& root) const;
  void look(Place folder, std::string_view name);
  void note_look(Place folder, std::string_view name);
  void doubt(Place folder);
  void confirm(Place place);
  void cannot_open(const Scan& at, int error);
  Place attach(const Scan& at, const Folder& folder);
  Place replaced(const Scan& at, const Folder& folder);
  Place take_over(Place holder, const Scan& at, const Folder& folder);
  void list(Place place, const Folder& folder, Mode mode);
  void found(Place above, const Folder& folder, const Listing::Entry& entry, Mode mode);
  std::int64_t unseen_since(Place folder) const;
  void drop_unseen(Place folder);
  bool keeps(Place folder, std::string_view name, bool is_folder) const;
  Place add(Place above, std::string_view name, bool is_folder);
  void not_watched(Place place, int error);
  void look_again();
  void note(std::uint64_t& count, const std::string& path, const std::string& why);

  // tree_root.cpp
  void check_root();
  void no_root(int error);
  void no_local_root(const std::string& path);
  void adopt(const Folder& root, const Identity& identity);
  void lose(std::string_view why);
  void anchor();
  void anchor_at(const std::string& path, std::uint32_t mask, std::set<int>& now);
  bool renew_instance();

  // tree.cpp: telling
  bool wants(Type type) const { return settings_.kinds.test(static_cast<std::size_t>(type)); }
  void tell(Type type, std::string path, bool folder, bool synthetic = false, std::uint32_t cookie = 0);
  void tell_of(Type type, std::string_view why, std::uint32_t count = 0);
  void tell_found(Place place, const struct stat* about);
  void tell_moved(Type type, std::string from, std::string to, bool folder, bool synthetic, std::uint32_t cookie);
  void vanish(Place place, bool synthetic, std::uint32_t cookie = 0);
  void forget(Place place);
  bool is_below(Place place, Place folder) const;
  std::uint64_t ticks(Clock::time_point when) const;

  const Settings settings_;
  const Patterns patterns_;
  const MayEnter may_enter_;
  const Clock::time_point born_ = Clock::now();
  const std::uint32_t mask_;
  std::shared_ptr<Instance> instance_;
  Index index_;
  Backlog backlog_;
  Listing listing_;
  std::vector<Scan> fresh_, walk_;
  std::set<Scan> retry_;  // of directories that were not where they should be
  std::vector<Event> events_;
  std::vector<std::uint64_t> marks_, settled_, reached_;
  std::uint64_t settled_for_ = 0;  // a count of looks
  std::string name_;               // of the event at hand
  std::int64_t time_ns_ = 0;
  unsigned turn_ = 0;
  std::uint64_t applied_ = 0, retried_at_ = 0;             // counts of events
  std::uint64_t looked_ = 0, fence_for_ = 0, fenced_ = 0;  // counts of looks at the disk
  bool wants_fence_ = false;
  unsigned rounds_ = 0;  // of comparing, since the last event

  Folder slice_root_, opened_;
  Place opened_place_ = nowhere;
  std::uint32_t opened_serial_ = 0;
  std::map<std::pair<std::uint32_t, std::string>, std::uint64_t> looks_;  // a folder's serial and a name: when
  std::uint64_t last_look_ = 0;
  std::set<Scan> doubts_;  // directories that are to be compared
  Clock::time_point verify_at_ = Clock::time_point::min();
  std::pair<std::uint32_t, std::uint32_t> came_by_;  // the last directory that was moved in: its serial and the cookie
  std::pair<std::uint32_t, std::string> moved_in_;   // a folder's serial and a name: by the event before
  Identity root_id_;
  std::string resolved_, foreign_root_;  // the root's path without links; the same where another host answers
  std::set<int> anchors_;
  std::string_view gone_why_;
  bool present_ = false, was_there_ = false, was_away_ = false, ready_ = false, walking_ = false, comparing_ = false;
  bool root_due_ = true;
  Clock::time_point root_at_ = Clock::time_point::max(), compare_at_ = Clock::time_point::max();
  std::int64_t changed_since_ns_ = 0, walk_ns_ = 0, walked_ns_ = 0;  // began this walk; and the last that was whole
  std::uint64_t told_ = 0, told_before_ = 0;
  FileFacts facts_;
  Clock::time_point measure_at_ = Clock::time_point::min(), measuring_since_{};
  std::vector<Place> to_measure_, not_found_;
  unsigned searches_ = 0;
  bool measuring_ = false, sum_due_ = false;
  Standing standing_;
};

}  // namespace vitald::watch
