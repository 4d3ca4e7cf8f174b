#include "daemon/errands.hpp"

#include <pthread.h>

#include <csignal>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace vitald {

struct Errands::Shared {
  std::mutex mutex;
  std::vector<Then> done;
  Waker* waker;  // none when the loop has gone
};

Errands::Errands(boost::asio::io_context& loop)
    : waker_(loop, [this] { take(); }), shared_(std::make_shared<Shared>()) {
  shared_->waker = &waker_;
}

Errands::~Errands() {
  const std::lock_guard lock(shared_->mutex);
  shared_->waker = nullptr;
}

void Errands::run(std::function<Then()> work) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are the loop's
  std::thread thread([shared = shared_, work = std::move(work)] {
    auto then = work();
    const std::lock_guard lock(shared->mutex);
    if (!shared->waker) return;
    shared->done.push_back(std::move(then));
    shared->waker->wake();
  });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::pthread_setname_np(thread.native_handle(), "vitald-errand");
  thread.detach();
}

void Errands::take() {
  std::vector<Then> done;
  {
    const std::lock_guard lock(shared_->mutex);
    done.swap(shared_->done);
  }
  for (const auto& then : done) then();
}

}  // namespace vitald
