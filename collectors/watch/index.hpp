#pragma once
// A tree of names as it was told: directories with what is in them and with their kernel watches. Moving a directory
// with all below it is one step, because names know their parents and paths are made when they are asked for.
#include "collectors/watch/names.hpp"
#include "collectors/watch/place_table.hpp"

#include <string>
#include <vector>

namespace vitald::watch {

using Place = std::uint32_t;
constexpr Place nowhere = PlaceTable::none;

class Index {
 public:
  Index() { clear(); }
  void clear();  // but for the root, which has no watch then

  static constexpr Place root = 0;
  Place find(Place folder, std::string_view name) const;
  Place add(Place folder, std::string_view name, bool is_folder);
  // Where it was moved to there is nothing, and it is not below itself.
  void move(Place place, Place folder, std::string_view name);
  void exchange(Place one, Place other);
  // Calls `each(wd)` for all watches of it and below it.
  template <class Each>
  void remove(Place place, Each each);

  bool is_there(Place place) const { return place == root || nodes_[place].parent != nowhere; }
  bool is_folder(Place place) const { return nodes_[place].folder != nowhere; }
  bool is_empty(Place folder) const { return of(folder).first == nowhere; }
  Place parent(Place place) const { return nodes_[place].parent; }
  std::string_view name(Place place) const { return names_[nodes_[place].name]; }
  std::string path(Place place) const;
  std::string path(Place folder, std::string_view name) const;
  Place first(Place folder) const { return of(folder).first; }
  Place next(Place place) const { return nodes_[place].next; }

  Place watched_by(int wd) const;
  int watch(Place folder) const { return of(folder).wd; }
  void watch(Place folder, int wd);  // -1: none

  // Of a folder: a number that no other ever had, and when it was last listed.
  std::uint32_t serial(Place folder) const { return of(folder).serial; }
  std::uint64_t listed(Place folder) const { return of(folder).listed; }
  void listed(Place folder, std::uint64_t when) { of(folder).listed = when; }

  bool mark(Place place) const { return nodes_[place].mark; }
  void mark(Place place, bool on) { nodes_[place].mark = on; }
  bool untold(Place place) const { return nodes_[place].untold; }  // it is known, but nobody has been told
  void untold(Place place, bool on) { nodes_[place].untold = on; }

  // Calls `each(path, is_folder)`, parents before what is in them; false: there are more than `most`.
  template <class Each>
  bool each(std::size_t most, Each each) const;

  std::size_t entries() const { return nodes_.used() - 1; }  // without the root
  std::size_t folders() const { return folders_.used(); }
  std::size_t watches() const { return watches_; }
  std::size_t bytes() const;

 private:
  struct Node {
    Place parent = nowhere, next = nowhere, previous = nowhere;
    std::uint32_t folder = nowhere;
    std::uint32_t name : 30 = 0, mark : 1 = 0, untold : 1 = 0;
  };
  struct Folder {
    Place node = nowhere, first = nowhere;
    int wd = -1;
    std::uint32_t serial = 0;
    std::uint64_t listed = 0;
  };

  Folder& of(Place place) { return folders_[nodes_[place].folder]; }
  const Folder& of(Place place) const { return folders_[nodes_[place].folder]; }
  std::uint32_t hash_of(Place place) const;
  void hang(Place place, Place folder, std::string_view name);
  void unhang(Place place);
  void forget(Place place);
  Place leaf_below(Place place) const;

  Names names_;
  Blocks<Node> nodes_;
  Blocks<Folder> folders_;
  PlaceTable by_name_, by_wd_;
  std::uint32_t serials_ = 0;
  std::size_t watches_ = 0;
};

// From the leaves upwards, so that a tree of any depth needs no stack.
template <class Each>
void Index::remove(Place place, Each each) {
  for (auto at = leaf_below(place);;) {
    const auto above = parent(at);
    const bool last = at == place;
    if (is_folder(at) && watch(at) >= 0) {
      each(watch(at));
      watch(at, -1);
    }
    unhang(at);
    forget(at);
    if (last) return;
    at = leaf_below(above);
  }
}

template <class Each>
bool Index::each(std::size_t most, Each each) const {
  std::vector<Place> folders{root};
  while (!folders.empty()) {
    const auto folder = folders.back();
    folders.pop_back();
    for (auto at = first(folder); at != nowhere; at = next(at)) {
      if (untold(at)) continue;
      if (most-- == 0) return false;
      each(path(at), is_folder(at));
      if (is_folder(at)) folders.push_back(at);
    }
  }
  return true;
}

}  // namespace vitald::watch
