#pragma once
// A tree that is known by looking at it from time to time: what differs from the look before is told.
#include "collectors/base/watch_settings.hpp"
#include "collectors/watch/file_facts.hpp"
#include "collectors/watch/patterns.hpp"
#include "collectors/watch/poller.hpp"

namespace vitald::watch {

// One thread at a time.
class PolledTree {
 public:
  // `back`: it was told before that the root is gone.
  PolledTree(const Settings& settings, bool back);

  void take(const Polled& found);
  void leave();  // the kernel tells of the root from now on
  std::vector<Event> take_events() { return std::exchange(events_, {}); }
  const Standing& standing() const { return standing_; }
  const Index& index() const { return index_; }

 private:
  void nothing(const Polled& found);
  void lose(std::string_view why);
  Place place_of(std::string_view path) const;
  void compare(const Polled::Folder& folder, std::uint64_t device);
  void found(Place above, const ListedFile& file, std::uint64_t device);
  Place add(Place above, const ListedFile& file);
  void drop_unseen(Place folder);
  void vanish(Place place);
  void tell(Type type, Place place, const FileStamp* stamp);
  void tell_of(Type type, std::string_view why, std::uint32_t count = 0);
  void stand();
  void note(std::uint64_t& count, const std::string& path, std::string_view why);

  const Settings settings_;
  const Patterns patterns_;
  Index index_;
  std::vector<FileStamp> stamps_;  // by place
  FileFacts facts_;
  std::vector<Event> events_;
  std::int64_t time_ns_ = 0;
  bool there_ = false, back_, quiet_ = false;
  Standing standing_;
};

}  // namespace vitald::watch
