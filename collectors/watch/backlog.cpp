#include "collectors/watch/backlog.hpp"

#include <sys/inotify.h>

#include <cstring>
#include <utility>

namespace vitald::watch {

void Backlog::push(Block block) {
  auto& kept = kept_.emplace_back(Kept{std::move(block.bytes), 0});
  const std::string_view bytes = kept.bytes;
  inotify_event head{};
  for (std::size_t at = 0; at + sizeof head <= bytes.size(); at += sizeof head + head.len) {
    std::memcpy(&head, bytes.data() + at, sizeof head);
    const auto padded = bytes.substr(at + sizeof head, head.len);
    const auto name = padded.substr(0, padded.find('\0'));
    if (head.mask & IN_MOVED_TO) second_halves_[head.cookie] = popped_ + events_.size();
    events_.push_back({head.wd, head.mask, head.cookie, name, block.after, block.at, block.time_ns, 0});
    ++kept.events;
  }
  if (block.mark != 0) {
    events_.push_back({-1, 0, 0, {}, block.after, block.at, block.time_ns, block.mark});
    ++kept.events;
  }
  if (kept.events == 0) kept_.pop_back();
}

void Backlog::clear() {
  popped_ += events_.size();
  events_.clear();
  kept_.clear();
  second_halves_.clear();
}

void Backlog::pop() {
  if (events_.front().mask & IN_MOVED_TO) second_halves_.erase(events_.front().cookie);
  events_.pop_front();
  ++popped_;
  if (--kept_.front().events == 0) kept_.pop_front();
}

bool Backlog::take_partner(std::uint32_t cookie, KernelEvent& out) {
  const auto found = second_halves_.find(cookie);
  if (found == second_halves_.end()) return false;
  auto& event = events_[found->second - popped_];
  out = event;
  event.mask = 0;
  second_halves_.erase(found);
  return true;
}

const KernelEvent* Backlog::partner(std::uint32_t cookie) const {
  const auto found = second_halves_.find(cookie);
  return found == second_halves_.end() ? nullptr : &events_[found->second - popped_];
}

std::size_t Backlog::first_number() const {
  std::size_t at = 0;
  while (at < events_.size() && events_[at].mask == 0 && events_[at].mark == 0) ++at;
  return at;
}

const KernelEvent* Backlog::first_of_all() const {
  const auto at = first_number();
  return at < events_.size() ? &events_[at] : nullptr;
}

void Backlog::void_first() {
  if (const auto at = first_number(); at < events_.size()) events_[at].mask = 0;
}

std::vector<std::uint64_t> Backlog::marks() const {
  std::vector<std::uint64_t> all;
  for (const auto& event : events_)
    if (event.mark != 0) all.push_back(event.mark);
  return all;
}

}  // namespace vitald::watch
