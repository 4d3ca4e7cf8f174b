#include "collectors/watch/tree.hpp"

#include <sys/inotify.h>

#include <algorithm>
#include <utility>

namespace vitald::watch {
namespace {

constexpr auto slice = std::chrono::milliseconds(5);

std::uint32_t mask_for(const Settings& settings) {
  const auto wants = [&](Type type) { return settings.kinds.test(static_cast<std::size_t>(type)); };
  std::uint32_t mask = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR | IN_EXCL_UNLINK;
  if (wants(Type::modified) || settings.sizes) mask |= IN_MODIFY;
  if (wants(Type::closed)) mask |= IN_CLOSE_WRITE;
  return mask | IN_ATTRIB;  // a directory that could not be read may be readable now
}

}  // namespace

Tree::Tree(Settings settings, MayEnter may_enter)
    : settings_(std::move(settings)),
      patterns_(settings_.include, settings_.exclude),
      may_enter_(std::move(may_enter)),
      mask_(mask_for(settings_)) {}

std::uint64_t Tree::ticks(Clock::time_point when) const {
  return static_cast<std::uint64_t>((when - born_).count()) + 1;
}

void Tree::take(Block block) {
  if (block.mark == fence) {
    fenced_ = fence_for_;
    block.mark = 0;
    if (fenced_ < looked_) fence_for_ = looked_, wants_fence_ = true;
  }
  backlog_.push(std::move(block));
}

void Tree::mounts_changed() {
  root_due_ = true;
  gone_why_ = {};
  if (present_ && ready_ && !walking_) walk(Mode::difference);
}

Clock::time_point Tree::step() {
  const auto end = Clock::now() + slice;
  time_ns_ = wall_clock_ns();
  const auto begun = Clock::now();
  if (root_due_ || begun >= root_at_) check_root();
  if (begun >= compare_at_ && present_ && !walking_) walk(Mode::difference);
  bool more = true;
  while (more && Clock::now() < end) more = work() || finish() || measure();
  slice_root_ = {};
  opened_ = {};
  return more || root_due_ ? Clock::time_point::min() : next_time();
}

// What is new goes first, because what happens in it is not seen yet. A walk over all goes on between events.
bool Tree::work() {
  if (root_due_) check_root();
  if (!fresh_.empty()) {
    const auto at = fresh_.back();
    fresh_.pop_back();
    scan(at);
    return true;
  }
  const bool first_walk = ++turn_ % 32 == 0;
  if (!first_walk && apply_front()) return true;
  if (!walk_.empty()) {
    const auto at = walk_.back();
    walk_.pop_back();
    scan(at);
    return true;
  }
  return first_walk && apply_front();
}

Clock::time_point Tree::next_time() const {
  auto next = std::min(root_at_, compare_at_);
  if (!doubts_.empty()) next = std::min(next, verify_at_);
  if (facts_.any_stale() || sum_due_) next = std::min(next, measure_at_);
  if (!backlog_.empty()) next = std::min(next, backlog_.front().at + hold);
  return next;
}

Standing Tree::standing() const {
  auto now = standing_;
  now.ready = ready_ && present_;
  now.entries = index_.entries();
  now.folders = index_.folders();
  now.watches = index_.watches() + anchors_.size();
  now.bytes = index_.bytes();
  if (sizes_are_good())
    now.sizes = standing_.sizes;
  else
    now.sizes.reset();
  const bool whole = now.unwatched + now.unreadable + now.left_out + now.foreign == 0;
  if (now.state == State::active && !whole) now.state = State::degraded;
  return now;
}

// ---- telling
void Tree::tell(Type type, std::string path, bool folder, bool synthetic, std::uint32_t cookie) {
  if (!wants(type)) return;
  ++told_;
  if (type == Type::modified && !events_.empty()) {
    auto& last = events_.back();
    if (last.type == type && last.path == path && last.synthetic == synthetic) return void(++last.count);
  }
  auto& event = events_.emplace_back();
  event.time_ns = time_ns_;
  event.path = std::move(path);
  event.type = type;
  event.folder = folder;
  event.synthetic = synthetic;
  event.cookie = cookie;
}

void Tree::tell_of(Type type, std::string_view why, std::uint32_t count) {
  auto& event = events_.emplace_back();
  event.time_ns = time_ns_;
  event.type = type;
  event.why = why;
  event.count = count;
}

// Nobody will tell when it was written and closed, so its state is told.
void Tree::tell_found(Place place, const struct stat* about) {
  index_.untold(place, false);
  if (!wants(Type::created)) return;
  const bool is_folder = index_.is_folder(place), came = is_folder && came_by_.first == index_.serial(place);
  tell(Type::created, index_.path(place), is_folder, true, came ? came_by_.second : 0);
  if (!about) return;
  auto& event = events_.back();
  event.known = true;
  event.size = static_cast<std::uint64_t>(about->st_size);
  event.inode = about->st_ino;
  event.mtime_ns = about->st_mtim.tv_sec * std::int64_t{1'000'000'000} + about->st_mtim.tv_nsec;
}

void Tree::tell_moved(Type type, std::string from, std::string to, bool folder, bool synthetic, std::uint32_t cookie) {
  if (!wants(Type::moved)) return;
  ++told_;
  auto& event = events_.emplace_back();
  event.time_ns = time_ns_;
  event.path = std::move(from);
  event.target = std::move(to);
  event.type = type;
  event.folder = folder;
  event.synthetic = synthetic;
  event.cookie = cookie;
}

void Tree::vanish(Place place, bool synthetic, std::uint32_t cookie) {
  if (!index_.untold(place)) tell(Type::deleted, index_.path(place), index_.is_folder(place), synthetic, cookie);
  forget(place);
}

void Tree::forget(Place place) {
  index_.remove(place, [this](int wd) { instance_->remove(wd); });
  sum_due_ = settings_.sizes;
}

}  // namespace vitald::watch
