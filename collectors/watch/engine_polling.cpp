// Trees of which the kernel tells nothing: the poller looks, the worker compares.
#include "collectors/watch/engine_worker.hpp"

#include <utility>

namespace vitald::watch {

void Engine::Shared::choose(Entry& entry) {
  const auto& path = entry.tree.foreign_root();
  if (path == entry.polled_path) return;
  const bool back = entry.tree.was_there() || entry.polled;
  if (entry.polled) {
    poller->remove(entry.watch.get());
    entry.polled->leave();
    entry.earlier = entry.polled->take_events();
    entry.polled.reset();
  }
  entry.polled_path = path;
  if (path.empty()) return answer_looks(entry, Clock::time_point::max());
  if (!probe) return;
  if (!poller) {
    auto made = std::make_shared<Poller>(probe());
    const std::lock_guard lock(mutex);
    poller = std::move(made);
    thread("vitald-polling", [poller = poller] { poller->run(); });
  }
  entry.polled = std::make_unique<PolledTree>(entry.watch->settings(), back);
  poller->add(job_for(entry));
}

Poller::Job Engine::Shared::job_for(const Entry& entry) {
  const auto& settings = entry.watch->settings();
  Poller::Job job{entry.watch.get(), entry.polled_path, settings.poll_every, settings.recursive, {}, {}};
  job.enters = [patterns = Patterns(settings.include, settings.exclude)](std::string_view path, std::string_view name) {
    return patterns.keeps(path, name, true);
  };
  job.take = [shared = weak_from_this(), watch = entry.watch](Polled found) {
    const auto here = shared.lock();
    auto kept = std::make_shared<Polled>(std::move(found));
    if (here) here->order([all = here.get(), watch, kept] { all->take_look(watch.get(), *kept); });
  };
  return job;
}

void Engine::Shared::take_look(const Watch* watch, const Polled& found) {
  auto* const entry = entry_of(watch);
  if (!entry || !entry->polled) return;
  entry->polled->take(found);
  publish(*entry);
  answer_looks(*entry, found.begun);
}

// Of those who wait for a look: it began after they asked.
void Engine::Shared::answer_looks(Entry& entry, Clock::time_point begun) {
  while (!entry.waiting_for_look.empty() && entry.waiting_for_look.front().first <= begun) {
    const auto done = std::move(entry.waiting_for_look.front().second);
    entry.waiting_for_look.pop_front();
    done(entry.watch->last());
  }
}

}  // namespace vitald::watch
