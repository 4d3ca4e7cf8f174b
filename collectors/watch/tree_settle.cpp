// When all is done that the kernel has told of: what could not be told, or not be found, is looked for.
#include "collectors/watch/tree.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vitald::watch {
namespace {

constexpr unsigned most_rounds = 100;  // a level of the tree needs one
constexpr auto compare_pause = std::chrono::seconds(30);

}  // namespace

// When nothing is left to do at once. True: there is, after all.
bool Tree::finish() {
  if (walking_) finish_walk();
  if (root_due_ || retry() || verify()) return true;
  if (doubts_.empty() && retry_.empty()) reach_marks();
  return false;
}

// When all before them is told, and what comes next is younger than any look at the disk so far: so that it is told as
// it was done, and not as it was found.
void Tree::reach_marks() {
  for (;;) {
    if (settled_.empty()) {
      settled_.swap(marks_);
      settled_for_ = looked_;
    }
    if (settled_.empty() || fenced_ < settled_for_) return;
    std::ranges::move(std::exchange(settled_, {}), std::back_inserter(reached_));
  }
}

// What was not found where it should be: looked for after each event, since it may have moved. When the kernel has no
// more to tell, what is around it is compared; then what is around that.
bool Tree::retry() {
  if (retry_.empty() || !present_) return false;
  if (std::exchange(retried_at_, applied_) != applied_) return rounds_ = 0, look_again(), true;
  if (fenced_ < looked_) return false;
  if (++rounds_ > most_rounds) return give_up(), true;
  std::vector<Place> around;
  for (const auto& scan : retry_)
    if (is_known(scan) && scan.place != Index::root) around.push_back(index_.parent(scan.place));
  look_again();
  for (const auto place : around) fresh_.push_back({place, index_.serial(place), Mode::level});  // so it is first
  return true;
}

// The directory's listing has a name that cannot be opened, whatever one does.
void Tree::give_up() {
  for (const auto& scan : std::exchange(retry_, {}))
    if (is_known(scan)) note(standing_.unwatched, index_.path(scan.place), "it is listed, but not there");
  compare_at_ = std::min(compare_at_, Clock::now() + compare_pause);
}

void Tree::finish_walk() {
  walking_ = false;
  time_ns_ = wall_clock_ns();
  if (!std::exchange(ready_, true)) tell_of(Type::ready, {}, static_cast<std::uint32_t>(index_.entries()));
  if (std::exchange(comparing_, false)) tell_of(Type::resynced, {}, static_cast<std::uint32_t>(told_ - told_before_));
  changed_since_ns_ = 0;
  walked_ns_ = walk_ns_;
  compare_at_ = standing_.unwatched != 0 ? Clock::now() + compare_pause : Clock::time_point::max();
}

// Where it could not be told which of several of one name an event was of, the names on the disk decide.
bool Tree::verify() {
  constexpr auto pause = std::chrono::milliseconds(50);
  const auto now = Clock::now();
  if (doubts_.empty() || walking_ || (marks_.empty() && now < verify_at_)) return false;
  for (const auto& scan : std::exchange(doubts_, {})) fresh_.push_back(scan);
  verify_at_ = now + pause;
  return true;
}

void Tree::looked() {
  if (++looked_, fence_for_ > fenced_) return;  // the next is asked for when that is here
  fence_for_ = looked_;
  wants_fence_ = true;
}

}  // namespace vitald::watch
