#pragma once
// What was taken from the kernel and has not been looked at, in order.
#include "collectors/watch/instance.hpp"

#include <deque>
#include <unordered_map>
#include <vector>

namespace vitald::watch {

struct KernelEvent {
  int wd;
  std::uint32_t mask, cookie;
  std::string_view name;
  Clock::time_point after, at;
  std::int64_t time_ns;
  std::uint64_t mark;  // not 0: it is none, but the mark of a block
};

class Backlog {
 public:
  void push(Block block);
  void clear();

  bool empty() const { return events_.empty(); }
  std::size_t size() const { return events_.size(); }
  const KernelEvent& front() const { return events_.front(); }
  // The first that is not void, or null; and void it.
  const KernelEvent* first_of_all() const;
  void void_first();
  bool has_partner(std::uint32_t cookie) const { return second_halves_.contains(cookie); }
  const KernelEvent* partner(std::uint32_t cookie) const;  // null: it has not come
  void pop();
  // The second half of a move whose first is in front, if it came; it is void from now on. The views in it are good
  // until it is popped.
  bool take_partner(std::uint32_t cookie, KernelEvent& out);

  std::vector<std::uint64_t> marks() const;  // that are still to come

 private:
  std::size_t first_number() const;
  struct Kept {
    std::string bytes;
    std::size_t events;
  };
  std::deque<KernelEvent> events_;
  std::deque<Kept> kept_;  // what the names are in
  std::unordered_map<std::uint32_t, std::uint64_t> second_halves_;
  std::uint64_t popped_ = 0;
};

}  // namespace vitald::watch
