#include "collectors/watch/engine_worker.hpp"

#include "collectors/base/scan.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <iterator>
#include <utility>

namespace vitald::watch {
namespace {

constexpr std::size_t most_events = 65'536;  // that a tree is given before it has looked at the last

int patience_until(Clock::time_point when) {
  if (when == Clock::time_point::max()) return -1;
  const auto now = Clock::now();
  if (when <= now) return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
}

std::uint64_t number_in(KernelFile& file) {  // 0: not known
  const auto text = file.read();
  std::uint64_t number = 0;
  if (!text) return 0;
  auto rest = *text;
  return scan::number(scan::take_line(rest), number) ? number : 0;
}

}  // namespace

void Engine::Shared::order(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex);
    orders.push_back(std::move(work));
  }
  bell.ring();
}

void Engine::Shared::deliver(const Drain::From& from, Block block) {
  bool first = false;
  {
    const std::lock_guard lock(mutex);
    first = delivered.empty();
    delivered.emplace_back(from, std::move(block));
  }
  if (first) bell.ring();
}

void Engine::Shared::run() {
  mounts.emplace();
  ask_limit();
  while (!stops()) {
    take_orders();
    for (const auto& entry : entries) serve(*entry);
    wait();
  }
  take_orders();
  while (!entries.empty()) drop(entries.back()->watch.get());  // who waits is answered
  if (poller) poller->stop();
}

bool Engine::Shared::stops() {
  const std::lock_guard lock(mutex);
  return stop;
}

void Engine::Shared::take_orders() {
  std::vector<std::function<void()>> given;
  std::vector<std::pair<Drain::From, Block>> blocks;
  {
    const std::lock_guard lock(mutex);
    given.swap(orders);
    blocks.swap(delivered);
  }
  for (auto& [from, block] : blocks) {
    const auto its = [&source = from](const auto& entry) { return entry->from == source; };
    const auto at = std::ranges::find_if(entries, its);
    if (at != entries.end())
      (*at)->blocks.push_back(std::move(block));
    else
      drain.eaten(block.bytes.size());  // of a root that was lost, or a watch that has gone
  }
  for (const auto& work : given) work();
}

void Engine::Shared::serve(Entry& entry) {
  if (!feed(entry) && entry.due > Clock::now() && entry.tree.backlog() == 0) return;
  entry.due = entry.tree.step();
  if (const auto& now = entry.tree.instance(); now != entry.from) {
    if (entry.from) drain.remove(entry.from);
    entry.from = now;
    if (now) drain.add(now);
    for (const auto& block : std::exchange(entry.blocks, {})) drain.eaten(block.bytes.size());
    for (const auto& [mark, done] : entry.waiting)  // those under way have lost their way
      if (now) drain.mark(now, mark);
  }
  if (entry.tree.wants_fence() && entry.from) drain.mark(entry.from, Tree::fence);
  choose(entry);
  publish(entry);
  if (entry.from) return;
  for (const auto& [mark, done] : std::exchange(entry.waiting, {})) done(entry.watch->last());
}

bool Engine::Shared::feed(Entry& entry) {
  const bool some = !entry.blocks.empty();
  while (!entry.blocks.empty() && (entry.tree.backlog() < most_events || entry.tree.waits_for_more())) {
    drain.eaten(entry.blocks.front().bytes.size());
    entry.tree.take(std::move(entry.blocks.front()));
    entry.blocks.pop_front();
  }
  return some;
}

void Engine::Shared::publish(Entry& entry) {
  auto events = std::exchange(entry.earlier, {});
  std::ranges::move(entry.tree.take_events(), std::back_inserter(events));
  if (entry.polled) std::ranges::move(entry.polled->take_events(), std::back_inserter(events));
  const auto standing = entry.polled ? entry.polled->standing() : entry.tree.standing();
  const bool some = !events.empty() || standing.state != entry.told.state || standing.ready != entry.told.ready;
  entry.told = standing;
  const auto last = entry.watch->add(std::move(events), standing);
  for (const auto mark : entry.tree.take_marks())
    if (auto done = entry.waiting.extract(mark); !done.empty()) done.mapped()(last);
  if (!some) return;
  ask_limit();
  const std::lock_guard lock(mutex);
  if (news) news();
}

// Somebody may change it; not more often than once a second.
void Engine::Shared::ask_limit() {
  const auto now = Clock::now();
  if (now < limit_at) return;
  limit_at = now + std::chrono::seconds(1);
  const auto most = number_in(limit), here = number_in(limit_here);
  if (most != 0 && here != 0)
    watches_allowed = std::min(most, here);
  else if (most != 0)
    watches_allowed = most;
}

void Engine::Shared::wait() {
  auto next = Clock::time_point::max();
  for (const auto& entry : entries) next = std::min(next, entry->due);
  pollfd asked[] = {{bell.fd(), POLLIN, 0}, {mounts->fd(), POLLPRI, 0}};
  if (::poll(asked, std::size(asked), patience_until(next)) <= 0) return;
  if (asked[0].revents != 0) bell.clear();
  if (asked[1].revents == 0) return;
  mounts->read();
  for (const auto& entry : entries) {
    entry->tree.mounts_changed();
    entry->due = Clock::time_point::min();
  }
}

Engine::Shared::Entry* Engine::Shared::entry_of(const Watch* watch) {
  const auto at = std::ranges::find_if(entries, [&](const auto& entry) { return entry->watch.get() == watch; });
  return at == entries.end() ? nullptr : at->get();
}

void Engine::Shared::sync(const Watch* watch, Done done) {
  auto* const entry = entry_of(watch);
  if (!entry) return done(watch->last());
  if (entry->polled) {
    entry->waiting_for_look.emplace_back(Clock::now(), std::move(done));
    return poller->hurry(watch);
  }
  entry->waiting.emplace(++marks, std::move(done));
  if (entry->from)
    drain.mark(entry->from, marks);
  else
    entry->due = Clock::time_point::min();  // it gets its instance then, or has none and answers
}

void Engine::Shared::drop(const Watch* watch) {
  auto* const entry = entry_of(watch);
  if (!entry) return;
  if (poller) poller->remove(watch);
  answer_looks(*entry, Clock::time_point::max());
  if (entry->from) drain.remove(entry->from);
  for (const auto& block : entry->blocks) drain.eaten(block.bytes.size());
  for (const auto& [mark, done] : entry->waiting) done(watch->last());
  std::erase_if(entries, [&](const auto& each) { return each.get() == entry; });
}

}  // namespace vitald::watch
