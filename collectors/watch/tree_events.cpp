// What the kernel tells of a tree, one event after the other.
#include "collectors/watch/tree.hpp"

#include <sys/inotify.h>

#include <utility>

namespace vitald::watch {
namespace {

constexpr std::uint32_t arrives = IN_CREATE | IN_MOVED_TO,
                        self = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;

bool is_folder_event(const KernelEvent& event) { return (event.mask & IN_ISDIR) != 0; }

}  // namespace

// False when there is none, or it waits for another.
bool Tree::apply_front() {
  if (backlog_.empty() || waits_for_half(backlog_.front())) return false;
  auto event = backlog_.front();
  name_ = event.name;
  event.name = name_;
  time_ns_ = event.time_ns;
  backlog_.pop();
  ++applied_;
  if (!looks_.empty() && ticks(event.after) > last_look_) looks_.clear();
  apply(event);
  return true;
}

// All that comes after it waits, too: so a move takes effect at its place among the others. And it may have gone into a
// directory that has not been found yet.
bool Tree::waits_for_half(const KernelEvent& event) const {
  if (!(event.mask & IN_MOVED_FROM) || backlog_.has_partner(event.cookie)) return false;
  return Clock::now() < event.at + hold || (present_ && !retry_.empty() && fenced_ < looked_);
}

void Tree::apply(const KernelEvent& event) {
  if (event.mark != 0) return marks_.push_back(event.mark);
  if (event.mask == 0) return;  // the second half of a move, taken with the first
  if (event.mask & IN_Q_OVERFLOW) return overflowed(event);
  if (anchors_.contains(event.wd)) return root_told(event);
  const auto folder = index_.watched_by(event.wd);
  if (folder == nowhere) return;  // of a directory that was left
  if (folder == Index::root && (event.mask & self)) return root_told(event);
  if (event.mask & (IN_IGNORED | IN_UNMOUNT)) return ignored(folder, event);
  if (event.name.empty()) {
    if (folder == Index::root && (event.mask & IN_ATTRIB)) tell(Type::attributes, {}, true);
    return;  // a directory's parent has told of it
  }
  const auto before = std::exchange(moved_in_, {});
  if (event.mask & arrives) return arrived(folder, event);
  if (event.mask & IN_DELETE) return left(folder, event);
  if (!(event.mask & IN_MOVED_FROM)) return changed(folder, event);
  moved_from(folder, event);
  // An exchange of which one side is not known here: something came to this name, and what was there went.
  if (before.second == event.name && index_.watched_by(event.wd) == folder && before.first == index_.serial(folder))
    look(folder, event.name);
}

// Of the root itself, or of a directory on the way to it.
void Tree::root_told(const KernelEvent& event) {
  root_due_ = true;
  if (event.mask & IN_IGNORED) anchors_.erase(event.wd);
  if (event.mask & IN_UNMOUNT) gone_why_ = "unmounted";
  if (event.mask & IN_MOVE_SELF) gone_why_ = "moved";
  if (event.mask & IN_DELETE_SELF) gone_why_ = "deleted";
}

// After a removal its parent has told or will tell; what was mounted there has left something behind.
void Tree::ignored(Place folder, const KernelEvent& event) {
  index_.watch(folder, -1);
  if ((event.mask & IN_UNMOUNT) && !walking_) walk(Mode::difference);
}

// Whether what the index has under that name may come after this event: it was looked at since.
bool Tree::known_ahead(Place folder, const KernelEvent& event) const {
  const auto after = ticks(event.after);
  if (after <= index_.listed(folder)) return true;
  if (looks_.empty()) return false;
  const auto at = looks_.find({index_.serial(folder), std::string(event.name)});
  return at != looks_.end() && after <= at->second;
}

void Tree::arrived(Place folder, const KernelEvent& event) {
  const bool is_folder = is_folder_event(event), moved_in = (event.mask & IN_MOVED_TO) != 0;
  if (moved_in) moved_in_ = {index_.serial(folder), std::string(event.name)};
  if (!keeps(folder, event.name, is_folder)) return;
  if (const auto known = index_.find(folder, event.name); known != nowhere) {
    if (!moved_in && index_.is_folder(known) == is_folder) return stale(known);
    if (known_ahead(folder, event)) return look(folder, event.name);
    if (is_folder)
      vanish(known, true);  // what replaces it is told later
    else
      clear_way(known);
  }
  const auto place = add(folder, event.name, is_folder);
  if (place == nowhere) return;
  const bool enters = is_folder && settings_.recursive;
  // What was moved here may be a directory that is watched already: the look into it shows.
  if (enters && moved_in)
    index_.untold(place, true), came_by_ = {index_.serial(place), event.cookie};
  else
    tell(Type::created, index_.path(place), is_folder, false, event.cookie);
  if (enters) fresh_.push_back({place, index_.serial(place), Mode::told});
}

void Tree::left(Place folder, const KernelEvent& event) {
  const auto place = index_.find(folder, event.name);
  if (place == nowhere) return;
  if (known_ahead(folder, event)) return look(folder, event.name);
  if (index_.is_folder(place) != is_folder_event(event)) return doubt(folder);
  vanish(place, false);
}

void Tree::changed(Place folder, const KernelEvent& event) {
  const auto place = index_.find(folder, event.name);
  if (place == nowhere) return;
  const bool is_folder = index_.is_folder(place);
  stale(place);
  if (event.mask & IN_MODIFY) tell(Type::modified, index_.path(place), is_folder);
  if (event.mask & IN_CLOSE_WRITE) tell(Type::closed, index_.path(place), is_folder);
  if (!(event.mask & IN_ATTRIB)) return;
  if (wants(Type::attributes)) tell(Type::attributes, index_.path(place), is_folder);
  if (is_folder && settings_.recursive && index_.watch(place) < 0 && !index_.untold(place))
    fresh_.push_back({place, index_.serial(place), Mode::told});
}

// What was written since the queue was last empty may not have been told.
void Tree::overflowed(const KernelEvent& event) {
  const auto ago = std::chrono::nanoseconds(event.at - event.after) + std::chrono::nanoseconds(tick_of_files_ns);
  const auto since = event.time_ns - ago.count();
  if (!comparing_ || changed_since_ns_ == 0) changed_since_ns_ = since;
  ++standing_.overflows;
  tell_of(Type::overflow, "the kernel's queue was full");
  if (!std::exchange(comparing_, true)) told_before_ = told_;
  if (present_) walk(Mode::difference);
}

}  // namespace vitald::watch
