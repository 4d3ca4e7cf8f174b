// Looking for oneself: new directories, the whole tree at the start, and what has changed unseen.
#include "collectors/watch/tree.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace vitald::watch {

void Tree::walk(Mode mode) {
  walk_.assign(1, {Index::root, index_.serial(Index::root), mode});
  walking_ = true;
  walk_ns_ = wall_clock_ns() - tick_of_files_ns;
  compare_at_ = Clock::time_point::max();
  standing_.unwatched = standing_.unreadable = standing_.left_out = standing_.foreign = 0;
  standing_.reason.clear();
}

bool Tree::is_known(const Scan& at) const { return index_.is_folder(at.place) && index_.serial(at.place) == at.serial; }

void Tree::scan(const Scan& at) {
  if (!is_known(at)) return;  // it has gone meanwhile
  const auto folder = open(at.place);
  if (!folder) return cannot_open(at, errno);
  const bool check = at.mode == Mode::check, watched = index_.watch(at.place) >= 0;
  const auto place = attach(at, folder);
  const bool known = check && watched && place == at.place && index_.serial(place) == at.serial;
  if (place != nowhere && !known) list(place, folder, check ? Mode::level : at.mode);
}

void Tree::doubt(Place folder) { doubts_.insert({folder, index_.serial(folder), Mode::level}); }

// That it is the directory which the index means: of moves within one name it cannot always be told which moved.
void Tree::confirm(Place place) {
  if (settings_.recursive && index_.is_folder(place)) doubts_.insert({place, index_.serial(place), Mode::check});
}

void Tree::note_look(Place folder, std::string_view name) {
  last_look_ = ticks(Clock::now());
  looked();
  looks_[{index_.serial(folder), std::string(name)}] = last_look_;
}

// Makes the index right for one name, when it cannot be told which of several of that name an event is of.
void Tree::look(Place above, std::string_view name) {
  const std::string kept(name);
  const auto& folder = opened(above);
  doubt(above);
  if (!folder) return;
  struct stat of {};
  const bool there = about(folder, kept.c_str(), of), is_folder = there && S_ISDIR(of.st_mode);
  auto place = index_.find(above, kept);
  note_look(above, kept);
  if (place != nowhere && (!there || index_.is_folder(place) != is_folder)) vanish(std::exchange(place, nowhere), true);
  if (!there || !keeps(above, kept, is_folder)) return;
  const bool fresh = place == nowhere, enters = is_folder && settings_.recursive;
  if (fresh && (place = add(above, kept, is_folder)) == nowhere) return;
  if (!fresh) stale(place);
  if (fresh && enters) index_.untold(place, true);
  if (enters) return fresh_.push_back({place, index_.serial(place), fresh ? Mode::told : Mode::check});
  if (fresh) tell_found(place, &of);
}

// Where it is not any more, the kernel's queue has the reason: it is gone, or something on the way to it has moved.
void Tree::cannot_open(const Scan& at, int error) {
  const auto path = index_.path(at.place);
  if (error == ESTALE) return (walks(at.mode) ? walk_ : fresh_).push_back(at);  // the root is checked first
  if (error == ENOENT || error == ENOTDIR || error == ELOOP) return looked(), void(retry_.insert(at));
  if (index_.untold(at.place)) tell_found(at.place, nullptr);
  if (error == EXDEV) return note(standing_.foreign, path, "another host may have to answer for it");
  if (error == EACCES || error == EPERM) return note(standing_.unreadable, path, "permission denied");
  note(standing_.unwatched, path, error == EMFILE || error == ENFILE ? "too many open files" : "cannot be opened");
}

// After something has moved: what was not found may be found now.
void Tree::look_again() {
  for (auto scan : std::exchange(retry_, {})) {
    if (scan.mode == Mode::quiet && ready_) scan.mode = Mode::told;
    (walks(scan.mode) ? walk_ : fresh_).push_back(scan);
  }
  if (!walk_.empty()) walking_ = true;
}

void Tree::note(std::uint64_t& count, const std::string& path, const std::string& why) {
  if (++count == 1 && standing_.reason.empty()) standing_.reason = why + ", first at /" + path;
}

void Tree::list(Place place, const Folder& folder, Mode mode) {
  if (place != Index::root && !settings_.recursive) return;
  listing_.begin(folder);
  for (Listing::Entry entry{}; listing_.next(entry);) found(place, folder, entry, mode);
  if (listing_.error() != 0) return note(standing_.unreadable, index_.path(place), "it cannot be listed");
  if (mode == Mode::difference || mode == Mode::level) drop_unseen(place);
  index_.listed(place, ticks(Clock::now()));
  looked();
}

bool Tree::keeps(Place folder, std::string_view name, bool is_folder) const {
  return patterns_.keeps(patterns_.by_path() ? index_.path(folder, name) : std::string(), name, is_folder);
}

Place Tree::add(Place above, std::string_view name, bool is_folder) {
  if (name.size() > Names::longest)
    return note(standing_.left_out, index_.path(above), "a name too long in it"), nowhere;
  if (index_.entries() < settings_.max_entries) {
    const auto place = index_.add(above, name, is_folder);
    if (!is_folder && settings_.sizes) facts_.unset(place), facts_.stale(place);
    return place;
  }
  note(standing_.left_out, index_.path(above, name), "--watch.max-entries is reached");
  return nowhere;
}

void Tree::found(Place above, const Folder& folder, const Listing::Entry& entry, Mode mode) {
  if (!keeps(above, entry.name, entry.folder)) return;
  auto place = index_.find(above, entry.name);
  if (place != nowhere && index_.is_folder(place) != entry.folder) vanish(std::exchange(place, nowhere), true);
  struct stat of {};
  const bool fresh = place == nowhere, enters = entry.folder && settings_.recursive;
  if (fresh && (place = add(above, entry.name, entry.folder)) == nowhere) return;
  index_.mark(place, mode == Mode::difference || mode == Mode::level);
  if (!fresh && mode != Mode::quiet) stale(place);
  if (fresh && enters) {
    index_.untold(place, mode != Mode::quiet);
    auto& to = mode == Mode::quiet ? walk_ : fresh_;
    to.push_back({place, index_.serial(place), mode == Mode::quiet ? Mode::quiet : Mode::told});
  } else if (fresh && mode != Mode::quiet) {
    tell_found(place, about(folder, entry.name, of) ? &of : nullptr);
  } else if (mode == Mode::level && enters) {
    fresh_.push_back({place, index_.serial(place), Mode::check});
  } else if (mode == Mode::difference && enters) {
    walk_.push_back({place, index_.serial(place), mode});
  } else if (const auto since = unseen_since(above); mode == Mode::difference && !entry.folder && since != 0) {
    if (!about(folder, entry.name, of)) return;
    const auto changed = of.st_ctim.tv_sec * std::int64_t{1'000'000'000} + of.st_ctim.tv_nsec;
    if (changed >= since) tell(Type::modified, index_.path(place), false, true);
  }
}

// From when on changes of the files in it may not have been told; 0: they were.
std::int64_t Tree::unseen_since(Place folder) const {
  const auto unwatched = index_.watch(folder) < 0 ? walked_ns_ : 0;
  if (changed_since_ns_ == 0 || unwatched == 0) return std::max(changed_since_ns_, unwatched);
  return std::min(changed_since_ns_, unwatched);
}

void Tree::drop_unseen(Place folder) {
  for (auto at = index_.first(folder); at != nowhere;) {
    const auto next = index_.next(at);
    if (index_.mark(at))
      index_.mark(at, false);
    else
      vanish(at, true);
    at = next;
  }
}

}  // namespace vitald::watch
