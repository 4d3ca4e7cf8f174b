#pragma once
// The groups: what their processes have used, also those that ended, and what the living have now.
#include "collectors/process/group_tables.hpp"
#include "collectors/process/process_table.hpp"

#include <deque>
#include <map>
#include <string>

namespace vitald::process {

struct Group {
  struct Threads {  // of one name
    Usage total;
    bool io_known = false;
    std::uint64_t count = 0;
  };
  enum StateOf : std::uint8_t { running, sleeping, waiting, zombie, other, states };

  std::string name;
  bool there = false;       // false: a place for a new one
  bool configured = false;  // by a name that depends on nothing
  bool met = false;         // it has had a process
  Usage total;
  bool io_known = false;
  std::map<std::string, Threads, std::less<>> threads;

  // Of the living, in this pass.
  std::uint64_t processes = 0, thread_count = 0, resident = 0, virtual_size = 0, swapped = 0, open_files = 0;
  std::uint64_t proportional = 0, proportional_swapped = 0;
  double worst_ratio = 0;
  std::uint64_t oldest_ticks = UINT64_MAX;
  std::uint64_t by_state[states] = {};
  std::map<std::string, std::uint64_t, std::less<>> waits;

  void begin_pass();
  void add_state(char letter);
  Threads& threads_of(std::string_view name);
  static constexpr std::size_t most_thread_names = 1000;  // the rest together: "other"
};

struct GroupWishes {
  bool threads = true, smaps = true, remove_empty = false, compat = false;
  std::uint64_t most = 1000;
};

class Groups {
 public:
  explicit Groups(const GroupWishes& wishes) : wishes_(wishes) {}

  void configure(const std::string& name);  // is shown without any process, too
  std::uint32_t find_or_add(const std::string& name);
  Group& operator[](std::uint32_t place) { return all_[place]; }
  void begin_pass();
  void end_pass();  // forgets who is empty, if that is wished
  void write(Page& page, double boot_seconds) const;
  void write_limit(LimitRow& out) const;

 private:
  std::uint32_t add(const std::string& name);
  bool is_shown(const Group& group) const;
  void write(const Group& group, double boot_seconds, GroupRow& out) const;

  GroupWishes wishes_;
  std::deque<Group> all_;
  std::map<std::string, std::uint32_t, std::less<>> places_;
  std::uint32_t rest_ = UINT32_MAX;  // of the group "other", once it is needed
  std::uint64_t over_limit_ = 0;
};

}  // namespace vitald::process
