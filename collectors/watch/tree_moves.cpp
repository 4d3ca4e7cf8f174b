// Moves, of which the kernel tells in two halves.
#include "collectors/watch/tree.hpp"

#include <sys/inotify.h>

#include <utility>

namespace vitald::watch {

// What is moved onto an empty directory takes its place. One that is not empty was another, and is not there any more.
void Tree::clear_way(Place place) {
  if (index_.is_folder(place) && !index_.is_empty(place))
    vanish(place, true);
  else
    forget(place);
}

void Tree::moved_from(Place folder, const KernelEvent& event) {
  auto place = index_.find(folder, event.name);
  KernelEvent to{};
  const bool paired = backlog_.take_partner(event.cookie, to);
  const auto target = paired ? index_.watched_by(to.wd) : nowhere;
  const bool kept = target != nowhere && keeps(target, to.name, (to.mask & IN_ISDIR) != 0);
  if (kept) moved_in_ = {index_.serial(target), std::string(to.name)};
  if (place != nowhere && known_ahead(folder, event)) {
    look(folder, event.name);
    if (kept && index_.watched_by(to.wd) == target) look(target, to.name);
    return;
  }
  if (place != nowhere && index_.is_folder(place) != ((event.mask & IN_ISDIR) != 0)) {  // so it is not what has gone
    doubt(folder);
    place = nowhere;
  }
  if (place == nowhere) {
    if (kept) arrived(target, to);
  } else if (!kept) {
    vanish(place, false, event.cookie);
  } else if (!exchanged(place, target, to)) {
    moved(place, target, to);
  }
}

// Patterns of paths may leave out there what they kept here, so a directory is then as good as a new one.
void Tree::moved(Place place, Place folder, const KernelEvent& to) {
  const bool is_folder = index_.is_folder(place), anew = is_folder && patterns_.by_path() && settings_.recursive;
  const auto there = index_.find(folder, to.name);
  const bool known = there != nowhere && there != place;
  const bool crossed = is_below(folder, place) || (known && is_below(place, there));  // so the index is wrong
  if (anew || crossed || (known && known_ahead(folder, to))) {
    vanish(place, false, to.cookie);
    return index_.watched_by(to.wd) == nowhere ? void() : arrived(folder, to);
  }
  if (known) doubt(folder);
  if (known && index_.untold(place))
    vanish(there, true);
  else if (known)
    clear_way(there);
  auto from = index_.path(place);
  index_.move(place, folder, to.name);
  if (is_folder) look_again();
  confirm(place);
  if (!index_.untold(place)) tell_moved(Type::moved, std::move(from), index_.path(place), is_folder, false, to.cookie);
}

// RENAME_EXCHANGE comes as two moves, there and back again, and so do "mv a b; mv b a".
bool Tree::exchanged(Place one, Place folder, const KernelEvent& to) {
  const auto other = patterns_.by_path() ? nowhere : index_.find(folder, to.name);
  if (other == nowhere || known_ahead(folder, to) || is_below(one, other) || is_below(other, one)) return false;
  const auto* const first = backlog_.first_of_all();
  if (!first || !(first->mask & IN_MOVED_FROM) || first->wd != to.wd || first->name != to.name) return false;
  const auto home = index_.parent(one);
  const auto* const second = backlog_.partner(first->cookie);
  if (!second || index_.watched_by(second->wd) != home || second->name != index_.name(one)) return false;
  if (!both_stand(one, other)) return false;
  KernelEvent taken{};
  backlog_.take_partner(first->cookie, taken);
  backlog_.void_first();
  auto from = index_.path(one), target = index_.path(other);
  const bool is_folder = index_.is_folder(one);
  index_.exchange(one, other);
  confirm(one);
  confirm(other);
  look_again();
  tell_moved(Type::exchanged, std::move(from), std::move(target), is_folder, false, to.cookie);
  return true;
}

// Of a directory with something in it, or of a file and a directory, it is sure.
bool Tree::both_stand(Place one, Place other) {
  const bool folders = index_.is_folder(other);
  if (folders != index_.is_folder(one) || (folders && !index_.is_empty(other))) return true;
  const auto above = open(index_.parent(other));
  const std::string name(index_.name(other));
  struct stat of {};
  return above && about(above, name.c_str(), of);
}

}  // namespace vitald::watch
