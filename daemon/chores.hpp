#pragma once
// Work that may wait or takes long, done beside the loop, one piece after the other. Its thread is there only while
// there is work.
#include "daemon/waker.hpp"

#include <memory>
#include <vector>

namespace vitald {

// The loop's thread only.
class Chores {
 public:
  struct Chore {
    std::function<void()> work;     // on the thread; whatever it needs is its own: it may outlive everything
    std::function<void()> then;     // on the loop, unless the Chores are gone by then
    std::function<void()> dropped;  // in its place, when another took the room: on the loop
    unsigned rank = 0;              // the lowest goes first, and of equals the one that came first
  };

  Chores(boost::asio::io_context& loop, const char* thread_name, std::size_t most);
  ~Chores();  // what has not begun is dropped; a thread that hangs goes on by itself, and ends after that
  Chores(const Chores&) = delete;
  Chores& operator=(const Chores&) = delete;

  // When there is too much, the one of the highest rank is dropped. False: this one, without a call.
  bool give(Chore chore);
  std::size_t waiting() const;

 private:
  struct Shared;
  void take();

  std::shared_ptr<Shared> shared_;
  std::size_t most_;
  Waker waker_;
  std::vector<std::function<void()>> done_;
};

}  // namespace vitald
