#pragma once
// One reload at a time, made ready off the loop; while one is at work, at most one more waits.
#include "daemon/alarm.hpp"
#include "daemon/chores.hpp"

#include <vector>

namespace vitald {

// The loop only.
class Reload {
 public:
  using Then = std::function<void()>;
  using Work = std::function<Then()>;
  // `begin` gives the work that reads and checks, on a thread of its own; what that returns is done on the loop. `late`
  // is called when it has not come back after `patience`: a configuration on a file system that hangs.
  Reload(boost::asio::io_context& loop, std::function<Work()> begin, std::function<void()> late);
  // `done` is called when a reload that began after this has ended, or is late.
  void ask(std::function<void()> done = nullptr);

  static constexpr auto patience = std::chrono::seconds(10);

 private:
  void begin();
  void end(const Then& then);
  void tell();

  Chores chores_;
  std::function<Work()> work_;
  std::function<void()> on_late_;
  Alarm late_;
  std::vector<std::function<void()>> waiting_, waiting_for_next_;
  bool at_work_ = false, again_ = false;
};

}  // namespace vitald
