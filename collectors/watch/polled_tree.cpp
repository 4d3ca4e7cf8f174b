#include "collectors/watch/polled_tree.hpp"

#include "collectors/base/scan.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

namespace vitald::watch {
namespace {

constexpr std::string_view why_polled = "on a network or FUSE file system, which is looked at from time to time";

bool wants_type(const Settings& settings, Type type) { return settings.kinds.test(static_cast<std::size_t>(type)); }

bool has_changed(const FileStamp& one, const FileStamp& other) {  // FUSE may give other inode numbers each time
  return one.modified_ns != other.modified_ns || one.changed_ns != other.changed_ns || one.size != other.size;
}

}  // namespace

PolledTree::PolledTree(const Settings& settings, bool back)
    : settings_(settings), patterns_(settings.include, settings.exclude), back_(back) {
  standing_.state = State::polling;
  standing_.reason = why_polled;
}

void PolledTree::take(const Polled& look) {
  time_ns_ = wall_clock_ns();
  if (look.error != 0) return nothing(look);
  standing_.state = State::polling;
  standing_.reason = why_polled;
  standing_.unreadable = standing_.left_out = standing_.foreign = 0;
  const bool fresh = !std::exchange(there_, true);
  quiet_ = fresh && !back_;
  if (fresh && std::exchange(back_, false)) tell_of(Type::root_back, {});
  for (const auto& folder : look.folders) compare(folder, look.device);
  if (fresh) tell_of(Type::ready, {}, static_cast<std::uint32_t>(index_.entries()));
  stand();
}

// Who does not answer has not lost anything.
void PolledTree::nothing(const Polled& look) {
  const bool gone = look.error == ENOENT || look.error == ENOTDIR;
  if (gone && there_) lose("deleted");
  if (gone) back_ = true;
  standing_.state = gone ? State::missing : look.error == ETIMEDOUT ? State::polling : State::error;
  standing_.reason = look.at + (look.error == ETIMEDOUT ? " does not answer; what is known is from before"
                                : look.error == ELOOP   ? ": a link is on the way, which is not followed there"
                                                        : std::string(": ") + std::strerror(look.error));
}

void PolledTree::leave() {
  time_ns_ = wall_clock_ns();
  if (there_) lose("unmounted");
}

void PolledTree::lose(std::string_view why) {
  tell_of(Type::root_gone, why);
  there_ = false;
  back_ = true;
  index_.clear();
  stamps_.clear();
  facts_.clear();
  stand();
}

void PolledTree::stand() {
  standing_.ready = there_;
  standing_.entries = index_.entries();
  standing_.folders = index_.folders();
  standing_.bytes = index_.bytes() + stamps_.capacity() * sizeof(FileStamp);
  if (settings_.sizes && there_)
    standing_.sizes = facts_.sum(index_);
  else
    standing_.sizes.reset();
}

Place PolledTree::place_of(std::string_view path) const {
  auto place = Index::root;
  while (!path.empty() && place != nowhere) place = index_.find(place, scan::take_until(path, '/'));
  return place;
}

void PolledTree::compare(const Polled::Folder& folder, std::uint64_t device) {
  const auto place = place_of(folder.path);
  if (place == nowhere || !index_.is_folder(place)) return;  // left out
  if (folder.error != 0 && folder.error != ENOENT) note(standing_.unreadable, folder.path, std::strerror(folder.error));
  if (folder.error != 0) return;
  std::string_view records = folder.records;
  for (ListedFile file; take_listed(records, file);)
    if (patterns_.keeps(patterns_.by_path() ? index_.path(place, file.path) : std::string(), file.path, file.is_folder))
      found(place, file, device);
  drop_unseen(place);
}

void PolledTree::found(Place above, const ListedFile& file, std::uint64_t device) {
  auto place = index_.find(above, file.path);
  if (place != nowhere && index_.is_folder(place) != file.is_folder) vanish(std::exchange(place, nowhere));
  const bool fresh = place == nowhere;
  if (fresh && (place = add(above, file)) == nowhere) return;
  index_.mark(place, true);
  if (file.is_folder && file.stamp.device != device)
    note(standing_.foreign, index_.path(place), "something is mounted there");
  auto& stamp = stamps_[place];
  if (!fresh && !file.is_folder && has_changed(stamp, file.stamp)) tell(Type::modified, place, &file.stamp);
  stamp = file.stamp;
  if (!file.is_folder && file.error == 0)
    facts_.set(place, stamp.size, stamp.modified_ns);
  else
    facts_.unset(place);
}

Place PolledTree::add(Place above, const ListedFile& file) {
  if (file.path.size() > Names::longest) {
    note(standing_.left_out, index_.path(above), "a name too long in it");
    return nowhere;
  }
  if (index_.entries() >= settings_.max_entries) {
    note(standing_.left_out, index_.path(above, file.path), "--watch.max-entries is reached");
    return nowhere;
  }
  const auto place = index_.add(above, file.path, file.is_folder);
  if (place >= stamps_.size()) stamps_.resize(std::size_t{place} + 1);
  if (!quiet_) tell(Type::created, place, &file.stamp);
  return place;
}

void PolledTree::drop_unseen(Place folder) {
  for (auto at = index_.first(folder); at != nowhere;) {
    const auto next = index_.next(at);
    if (index_.mark(at))
      index_.mark(at, false);
    else
      vanish(at);
    at = next;
  }
}

void PolledTree::vanish(Place place) {
  tell(Type::deleted, place, nullptr);
  index_.remove(place, [](int) {});
}

void PolledTree::tell(Type type, Place place, const FileStamp* stamp) {
  if (!wants_type(settings_, type)) return;
  auto& event = events_.emplace_back();
  event.time_ns = time_ns_;
  event.path = index_.path(place);
  event.type = type;
  event.folder = index_.is_folder(place);
  event.synthetic = true;
  if (!stamp) return;
  event.known = true;
  event.size = stamp->size;
  event.inode = stamp->inode;
  event.mtime_ns = stamp->modified_ns;
}

void PolledTree::tell_of(Type type, std::string_view why, std::uint32_t count) {
  auto& event = events_.emplace_back();
  event.time_ns = time_ns_;
  event.type = type;
  event.why = why;
  event.count = count;
}

void PolledTree::note(std::uint64_t& count, const std::string& path, std::string_view why) {
  if (++count == 1) standing_.reason = std::string(why_polled).append("; ").append(why) + ", first at /" + path;
}

}  // namespace vitald::watch
