// Sizes and times of files: asked for in rounds, when nothing else is to be done, of those alone that may have changed.
#include "collectors/watch/tree.hpp"

#include <algorithm>
#include <utility>

namespace vitald::watch {
namespace {

constexpr auto pace = std::chrono::seconds(1);  // from the end of a round to the next, or longer after a long one
constexpr unsigned share = 20;                  // of the time, at most one part in so many
constexpr auto too_long = std::chrono::seconds(30);
constexpr unsigned most_searches = 5;
constexpr std::size_t files_at_once = 32;

}  // namespace

void Tree::stale(Place place) {
  if (settings_.sizes && !index_.is_folder(place)) facts_.stale(place);
}

// True: there is more to do.
bool Tree::measure() {
  if (!settings_.sizes || !present_ || !ready_ || walking_) return false;
  if (!measuring_) {
    if (Clock::now() < measure_at_ || (!facts_.any_stale() && !sum_due_ && standing_.sizes)) return false;
    measuring_ = true;
    measuring_since_ = Clock::now();
    to_measure_ = facts_.take_stale();
  }
  for (std::size_t i = 0; i < files_at_once && !to_measure_.empty(); ++i) {
    const auto place = to_measure_.back();
    to_measure_.pop_back();
    measure_one(place);
  }
  if (!to_measure_.empty()) return true;
  measured();
  return false;
}

void Tree::measure_one(Place place) {
  facts_.asked(place);
  if (!index_.is_there(place) || index_.is_folder(place)) return;  // another has its number
  struct stat of {};
  const auto& folder = opened(index_.parent(place));
  if (!folder || !about(folder, std::string(index_.name(place)).c_str(), of)) return not_found_.push_back(place);
  if (!S_ISREG(of.st_mode)) return facts_.unset(place);
  facts_.set(place, static_cast<std::uint64_t>(of.st_size),
             of.st_mtim.tv_sec * std::int64_t{1'000'000'000} + of.st_mtim.tv_nsec);
}

// What was not found may have been moved, which will be told, or is gone, which will be told as well.
void Tree::measured() {
  measuring_ = false;
  const auto now = Clock::now();
  measure_at_ = now + std::max<Clock::duration>(pace, (now - measuring_since_) * share);
  searches_ = not_found_.empty() ? 0 : searches_ + 1;
  for (const auto place : std::exchange(not_found_, {}))
    if (searches_ <= most_searches) facts_.stale(place);
  sum_due_ = false;
  standing_.sizes = facts_.sum(index_);
}

// What has been wrong for too long is not told.
bool Tree::sizes_are_good() const {
  return standing_.sizes && ready_ && present_ && (!measuring_ || Clock::now() - measuring_since_ < too_long);
}

}  // namespace vitald::watch
