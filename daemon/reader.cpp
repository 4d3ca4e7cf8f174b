#include "daemon/reader.hpp"

#include "daemon/quiet_thread.hpp"

#include <condition_variable>

namespace vitald {

struct Reader::Shared {
  Lane lane;
  std::function<void()> on_idle;
  std::mutex mutex;
  std::condition_variable wake;
  bool given = false, ending = false, telling = false;

  void serve();
};

void Reader::Shared::serve() {
  std::unique_lock lock(mutex);
  for (;;) {
    wake.wait(lock, [&] { return ending || given; });
    if (ending) return;
    given = false;
    lock.unlock();
    lane.work();
    lock.lock();
    if (ending) return;
    if (given) continue;
    telling = true;
    lock.unlock();  // else the loop, woken by this, would wait for the lock
    on_idle();
    lock.lock();
    telling = false;
    if (ending) wake.notify_all();
  }
}

Reader::Reader(std::function<void()> on_idle) : shared_(std::make_shared<Shared>()) {
  shared_->on_idle = std::move(on_idle);
  quiet_thread("vitald-reader", [shared = shared_] {
    shared->serve();
  }).detach();  // one that hangs can be joined by nobody
}

Reader::~Reader() {
  shared_->lane.take_back();
  std::unique_lock lock(shared_->mutex);
  shared_->ending = true;
  shared_->wake.notify_all();
  shared_->wake.wait(lock, [this] { return !shared_->telling; });
}

void Reader::give(std::vector<Lane::Job> jobs) {
  shared_->lane.give(std::move(jobs));
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->given = true;
  }
  shared_->wake.notify_one();
}

Lane& Reader::lane() { return shared_->lane; }

}  // namespace vitald
