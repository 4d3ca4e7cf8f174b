#include "collectors/watch/engine_worker.hpp"

#include <utility>

namespace vitald::watch {

Engine::Engine(Outside outside) : shared_(std::make_shared<Shared>(outside.room)) {
  shared_->news = std::move(outside.news);
  shared_->probe = std::move(outside.probe);
  shared_->thread = outside.thread;
  outside.thread("vitald-inotify", [shared = shared_] { shared->drain.run(); });
  outside.thread("vitald-watches", [shared = shared_] { shared->run(); });
}

Engine::~Engine() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
    shared_->news = nullptr;
  }
  shared_->bell.ring();
  shared_->drain.stop();
}

std::shared_ptr<Watch> Engine::add(Settings settings, Bounds bounds) {
  auto watch = std::make_shared<Watch>(std::move(settings), bounds);
  shared_->order([shared = shared_.get(), watch] {
    const auto may_enter = [shared](const std::string& path) { return shared->mounts->is_local(path); };
    shared->entries.push_back(std::make_unique<Shared::Entry>(watch, may_enter));
  });
  return watch;
}

Common Engine::common() const {
  const std::lock_guard lock(shared_->mutex);
  const int abandoned = shared_->poller ? shared_->poller->abandoned() : 0;
  return {shared_->watches_allowed, shared_->drain.most_untouched(), abandoned};
}

void Engine::remove(const std::shared_ptr<Watch>& watch) {
  shared_->order([shared = shared_.get(), watch] { shared->drop(watch.get()); });
}

void Engine::sync(const std::shared_ptr<Watch>& watch, std::function<void(std::uint64_t)> done) {
  shared_->order([shared = shared_.get(), watch, done = std::move(done)] { shared->sync(watch.get(), done); });
}

void Engine::look(const std::shared_ptr<Watch>& watch, std::function<void(const Index*, std::uint64_t)> look) {
  shared_->order([shared = shared_.get(), watch, look = std::move(look)] {
    auto* const entry = shared->entry_of(watch.get());
    look(entry ? &entry->index() : nullptr, watch->last());
  });
}

}  // namespace vitald::watch
