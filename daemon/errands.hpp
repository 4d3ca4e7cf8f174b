#pragma once
// Work that may wait or hang (a user's file, a name to look up), done off the loop by a thread made for it.
#include "daemon/waker.hpp"

#include <functional>
#include <memory>

namespace vitald {

// The loop only.
class Errands {
 public:
  using Then = std::function<void()>;

  explicit Errands(boost::asio::io_context& loop);
  ~Errands();  // nobody waits for what is still under way, and what comes of it is dropped
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  // `work` must not throw, and hold nothing that it could outlive. What it returns is called on the loop.
  void run(std::function<Then()> work);

 private:
  struct Shared;
  void take();
  Waker waker_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace vitald
