#pragma once
// Reads what a group's process uses, and adds it to the group.
#include "collectors/process/groups.hpp"

namespace vitald::process {

class GroupReader {
 public:
  GroupReader(ProcFiles& files, const GroupWishes& wishes);
  void add(Process& process, const Stat& stat, Group& group);
  std::uint64_t parts_unread() const { return parts_unread_; }

 private:
  struct Switches {
    std::uint64_t voluntary = 0, involuntary = 0;
  };

  void add_memory(const Process& process, Group& group);
  void add_descriptors(const Process& process, Group& group);
  void add_io(Process& process, Group& group);
  void add_threads(Process& process, const Stat& stat, Group& group, const std::optional<Status>& status);
  void add_only_thread(Process& process, char state, Group& group, const std::optional<Status>& status);
  void add_each_thread(Process& process, std::span<const int> ids, Group& group, Switches& sum);
  bool add_thread(Process& process, Thread& thread, Group& group, Switches& sum);
  void add_switches(Process& process, Thread& thread, const Status& status, Group& group, Group::Threads* named);
  void add_thread_io(Process& process, Thread& thread, Group::Threads& named);
  void add_wait(const Process& process, int thread, Group& group);
  template <class Parsed>
  bool read(const Result<std::string_view>& text, Result<void> (*parse)(std::string_view, Parsed&), Parsed& out);

  ProcFiles& files_;
  GroupWishes wishes_;
  std::uint64_t page_bytes_;
  std::uint64_t parts_unread_ = 0;
  std::vector<Thread> threads_;
};

}  // namespace vitald::process
