#include "daemon/chores.hpp"

#include "daemon/quiet_thread.hpp"

#include <algorithm>
#include <list>
#include <mutex>

namespace vitald {

struct Chores::Shared {
  const char* name;
  std::mutex mutex;
  std::list<Chore> waiting;
  std::vector<std::function<void()>> done;
  std::function<void()> tell;  // none: nobody is left to be told
  bool at_work = false;

  void serve();
  bool make_room_for(unsigned rank);
};

// A tell() is short, and its target goes away under the lock only.
void Chores::Shared::serve() {
  std::unique_lock lock(mutex);
  while (!waiting.empty()) {
    const auto next = std::ranges::min_element(waiting, {}, &Chore::rank);
    auto chore = std::move(*next);
    waiting.erase(next);
    lock.unlock();
    chore.work();
    lock.lock();
    done.push_back(std::move(chore.then));
    if (tell) tell();
  }
  at_work = false;
}

bool Chores::Shared::make_room_for(unsigned rank) {
  const auto worst = std::ranges::max_element(waiting, {}, &Chore::rank);
  if (worst == waiting.end() || worst->rank <= rank) return false;
  if (worst->dropped) done.push_back(std::move(worst->dropped));
  waiting.erase(worst);
  tell();
  return true;
}

Chores::Chores(boost::asio::io_context& loop, const char* thread_name, std::size_t most)
    : shared_(std::make_shared<Shared>()), most_(most), waker_(loop, [this] { take(); }) {
  shared_->name = thread_name;
  shared_->tell = [this] { waker_.wake(); };
}

Chores::~Chores() {
  const std::lock_guard lock(shared_->mutex);
  shared_->waiting.clear();
  shared_->tell = nullptr;
}

bool Chores::give(Chore chore) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->waiting.size() >= most_ && !shared_->make_room_for(chore.rank)) return false;
  shared_->waiting.push_back(std::move(chore));
  if (std::exchange(shared_->at_work, true)) return true;
  quiet_thread(shared_->name, [shared = shared_] { shared->serve(); }).detach();  // one that hangs is joined by nobody
  return true;
}

std::size_t Chores::waiting() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->waiting.size();
}

void Chores::take() {
  {
    const std::lock_guard lock(shared_->mutex);
    done_.swap(shared_->done);
  }
  for (auto& then : done_) then();
  done_.clear();
}

}  // namespace vitald
