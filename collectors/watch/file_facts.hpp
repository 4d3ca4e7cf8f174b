#pragma once
// What the plain files of an index hold and when they were written, as far as it was asked for.
#include "collectors/base/watch_settings.hpp"
#include "collectors/watch/index.hpp"

namespace vitald::watch {

class FileFacts {
 public:
  void stale(Place place);  // to be asked for anew
  bool any_stale() const { return !stale_.empty(); }
  std::vector<Place> take_stale() { return std::exchange(stale_, {}); }
  void asked(Place place) { of(place).stale = 0; }  // what changes from now on makes it stale again
  void set(Place place, std::uint64_t size, std::int64_t mtime_ns);
  void unset(Place place);  // it is no plain file
  void clear() { *this = {}; }

  Sizes sum(const Index& index) const;

 private:
  struct Fact {
    std::int64_t mtime_ns = 0;
    std::uint64_t size : 62 = 0, known : 1 = 0, stale : 1 = 0;
  };
  Fact& of(Place place);

  std::vector<Fact> facts_;  // by place
  std::vector<Place> stale_;
};

}  // namespace vitald::watch
