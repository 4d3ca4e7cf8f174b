#pragma once
// Takes what inotify has from the kernel into a large store, and does nothing else: while it is at another place, the
// kernel's own queue fills within milliseconds.
#include "collectors/watch/instance.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace vitald::watch {

// An eventfd.
class Bell {
 public:
  Bell();
  ~Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;
  void ring() const;
  void clear() const;
  int fd() const { return fd_; }

 private:
  int fd_;
};

class Drain {
 public:
  using From = std::shared_ptr<Instance>;
  // `deliver` is called on the drain's thread. `room` bytes are taken at most before they are `eaten`.
  using Deliver = std::function<void(const From&, Block)>;
  Drain(Deliver deliver, std::size_t room) : deliver_(std::move(deliver)), room_(room) {}

  // From any thread.
  void add(From from);
  void remove(const From& from);
  void mark(From from, std::uint64_t mark);  // a block with this mark follows all that is there now
  void eaten(std::size_t bytes);
  void stop();
  std::size_t most_untouched() const { return most_untouched_; }

  void run();  // the thread, until stop()

 private:
  struct Orders {
    std::vector<From> sources;
    std::vector<std::pair<From, std::uint64_t>> marks;
    bool stop = false;
  };
  void wait(const std::vector<From>& sources);
  void take(const From& from, std::uint64_t mark);

  Deliver deliver_;
  const std::size_t room_;
  std::atomic<std::size_t> untouched_{0}, most_untouched_{0};  // bytes
  Bell bell_;
  std::mutex mutex_;
  Orders orders_;
  std::unique_ptr<char[]> buffer_;
};

}  // namespace vitald::watch
