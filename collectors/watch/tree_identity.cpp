// Which directory is which: by the kernel's watches, since paths may lead elsewhere by now.
#include "collectors/watch/tree.hpp"

#include <sys/inotify.h>

#include <cerrno>
#include <utility>

namespace vitald::watch {
namespace {

constexpr std::uint32_t root_mask = IN_DELETE_SELF | IN_MOVE_SELF;

}  // namespace

// Once a slice: it is held no longer, so that it can be unmounted.
bool Tree::open_slice_root() {
  if (slice_root_) return true;
  slice_root_ = open_root(settings_.path, settings_.follow_links);
  Identity now;
  if (slice_root_ && (!identify(slice_root_, now) || now != root_id_)) slice_root_ = {};
  if (!slice_root_) root_due_ = true;
  return static_cast<bool>(slice_root_);
}

// A directory that is surely the one that the index means: the disk may be ahead of the index, and another may have its
// path by now. The kernel has one watch for each, and so knows.
const Folder& Tree::opened(Place folder) {
  static const Folder none;
  if (!open_slice_root()) return errno = ESTALE, none;
  if (folder == Index::root) return slice_root_;
  if (opened_ && opened_place_ == folder && opened_serial_ == index_.serial(folder)) return opened_;
  opened_ = open_below(slice_root_, index_.path(folder), Mounts::cross);
  if (!opened_) return none;
  if (const int wd = index_.watch(folder); wd >= 0) {
    const int its = instance_->add(opened_.fd(), mask_);
    if (its >= 0 && its != wd && index_.watched_by(its) == nowhere) instance_->remove(its);
    if (its != wd) return opened_ = {}, errno = ENOENT, none;
  }
  opened_place_ = folder;
  opened_serial_ = index_.serial(folder);
  return opened_;
}

// ext4 gives a new directory the inode number of one that has just gone.
bool Tree::is_watched_root(const Folder& root) const {
  const int wd = index_.watch(Index::root);
  return wd < 0 || instance_->add(root.fd(), mask_ | root_mask) == wd;
}

Folder Tree::open(Place place) {
  if (place == Index::root) {
    if (!open_slice_root()) return errno = ESTALE, Folder();
    return open_below(slice_root_, {}, Mounts::stay);
  }
  const auto& above = opened(index_.parent(place));
  if (!above) return {};
  auto folder = open_below(above, index_.name(place), Mounts::stay);
  if (folder || errno != EXDEV) return folder;
  if (!may_enter_(resolved_ + "/" + index_.path(place))) return errno = EXDEV, Folder();
  return open_below(above, index_.name(place), Mounts::cross);
}

bool Tree::is_below(Place place, Place folder) const {
  while (place != Index::root && place != folder) place = index_.parent(place);
  return place == folder;
}

// Its watch; the place where it is to be listed, or nowhere when it is known.
Place Tree::attach(const Scan& at, const Folder& folder) {
  const auto mask = mask_ | (at.place == Index::root ? root_mask : 0);
  const int wd = instance_->add(folder.fd(), mask);
  if (wd < 0) not_watched(at.place, -wd);
  const auto holder = wd < 0 ? nowhere : index_.watched_by(wd);
  if (holder != nowhere && holder != at.place) return take_over(holder, at, folder);
  if (holder == nowhere && index_.watch(at.place) >= 0 && wd >= 0) return replaced(at, folder);
  if (wd >= 0) index_.watch(at.place, wd);
  struct stat of {};
  if (index_.untold(at.place)) tell_found(at.place, about(folder, ".", of) ? &of : nullptr);
  if (at.mode == Mode::told && at.place != Index::root) note_look(index_.parent(at.place), index_.name(at.place));
  return at.place;
}

// Another directory stands in the place of the one that was known.
Place Tree::replaced(const Scan& at, const Folder& folder) {
  if (at.place == Index::root) return root_due_ = true, nowhere;
  const auto above = index_.parent(at.place);
  const std::string name(index_.name(at.place));
  vanish(at.place, true);
  const auto place = index_.add(above, name, true);
  note_look(above, name);
  const int wd = instance_->add(folder.fd(), mask_);
  if (wd >= 0) index_.watch(place, wd);
  if (wd < 0) not_watched(place, -wd);
  tell_found(place, nullptr);
  return place;
}

// The kernel has one watch for a directory, whatever its name: it was moved here, or has two names by a mount.
Place Tree::take_over(Place holder, const Scan& at, const Folder& folder) {
  Identity here, there;
  const auto old = open(holder);
  if (is_below(holder, at.place) && holder != at.place) return replaced(at, folder);
  if (holder == Index::root) return nowhere;  // a mount of it, in itself
  const bool both = old && identify(old, there) && identify(folder, here) && here == there;
  if (is_below(at.place, holder)) {  // so it is not the holder's any more
    index_.watch(holder, -1);
    doubt(index_.parent(holder));
    return attach(at, folder);
  }
  if (both) {
    if (index_.untold(at.place)) tell_found(at.place, nullptr);
    return nowhere;
  }
  doubt(index_.parent(holder));
  if (patterns_.by_path()) {  // which may leave out there what they kept here: as good as a new one
    vanish(holder, true);
    return attach(at, folder);
  }
  const auto above = index_.parent(at.place);
  const std::string name(index_.name(at.place));
  forget(at.place);
  auto from = index_.path(holder);
  note_look(above, name);
  note_look(index_.parent(holder), index_.name(holder));
  doubt(above);
  index_.move(holder, above, name);
  tell_moved(Type::moved, std::move(from), index_.path(holder), true, true, 0);
  look_again();
  if (comparing_) walk_.push_back({holder, index_.serial(holder), Mode::difference});
  return nowhere;
}

void Tree::not_watched(Place place, int error) {
  const bool full = error == ENOSPC;
  if (error == EACCES || error == EPERM) return note(standing_.unreadable, index_.path(place), "permission denied");
  note(standing_.unwatched, index_.path(place),
       full ? "fs.inotify.max_user_watches is reached; the rest is compared every 30 s" : "the kernel refused a watch");
}

}  // namespace vitald::watch
