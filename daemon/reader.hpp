#pragma once
// A thread that runs the jobs of a lane of its own.
//
// A reader that hangs in the kernel can be left behind: what it has not begun is taken back, and the thread ends by
// itself when its collector returns.
#include "daemon/lane.hpp"

#include <functional>

namespace vitald {

// The loop only.
class Reader {
 public:
  // `on_idle` is called on the reader's thread when it has done all it was given; never
  // after the Reader is gone.
  explicit Reader(std::function<void()> on_idle);
  ~Reader();  // drops what has not begun; a thread that hangs goes on by itself, and ends after that
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void give(std::vector<Lane::Job> jobs);
  Lane& lane();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace vitald
