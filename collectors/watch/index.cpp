#include "collectors/watch/index.hpp"

#include <functional>

namespace vitald::watch {
namespace {

std::uint32_t index_hash(Place folder, std::string_view name) {
  const auto hash = std::hash<std::string_view>()(name) + folder * std::size_t{0x9E3779B97F4A7C15};
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

std::uint32_t index_hash(int wd) { return static_cast<std::uint32_t>(wd) * 0x9E3779B1U >> 7; }

}  // namespace

void Index::clear() {
  names_ = {};
  nodes_ = {};
  folders_ = {};
  by_name_ = {};
  by_wd_ = {};
  watches_ = 0;
  nodes_[nodes_.take()].folder = folders_.take();
  folders_[0] = {};
  folders_[0].node = root;
  folders_[0].serial = ++serials_;
}

std::uint32_t Index::hash_of(Place place) const { return index_hash(nodes_[place].parent, name(place)); }

Place Index::find(Place folder, std::string_view name) const {
  return by_name_.find(index_hash(folder, name),
                       [&](Place each) { return nodes_[each].parent == folder && names_[nodes_[each].name] == name; });
}

Place Index::add(Place folder, std::string_view name, bool is_folder) {
  const auto made = nodes_.take();
  nodes_[made] = {};
  if (is_folder) {
    const auto at = folders_.take();
    folders_[at] = {};
    folders_[at].node = made;
    folders_[at].serial = ++serials_;
    nodes_[made].folder = at;
  }
  hang(made, folder, name);
  return made;
}

void Index::hang(Place place, Place folder, std::string_view name) {
  auto& node = nodes_[place];
  auto& above = of(folder);
  node.parent = folder;
  node.name = names_.add(name) & 0x3FFFFFFF;
  node.previous = nowhere;
  node.next = above.first;
  if (above.first != nowhere) nodes_[above.first].previous = place;
  above.first = place;
  by_name_.insert(place, [this](Place each) { return hash_of(each); });
}

void Index::unhang(Place place) {
  by_name_.erase(place, [this](Place each) { return hash_of(each); });
  const auto& node = nodes_[place];
  if (node.previous == nowhere)
    of(node.parent).first = node.next;
  else
    nodes_[node.previous].next = node.next;
  if (node.next != nowhere) nodes_[node.next].previous = node.previous;
  names_.remove(node.name);
}

void Index::forget(Place place) {
  if (nodes_[place].folder != nowhere) folders_.give_back(nodes_[place].folder);
  nodes_[place].folder = nodes_[place].parent = nowhere;
  nodes_.give_back(place);
}

Place Index::leaf_below(Place place) const {
  while (is_folder(place) && first(place) != nowhere) place = first(place);
  return place;
}

void Index::move(Place place, Place folder, std::string_view name) {
  const std::string kept(name);  // it may be a view of the name that goes
  unhang(place);
  hang(place, folder, kept);
}

void Index::exchange(Place one, Place other) {
  const auto to_one = parent(one), to_other = parent(other);
  const std::string name_one(name(one)), name_other(name(other));
  unhang(one);
  unhang(other);
  hang(one, to_other, name_other);
  hang(other, to_one, name_one);
}

std::string Index::path(Place place) const {
  std::size_t length = 0;
  for (auto at = place; at != root; at = parent(at)) length += name(at).size() + 1;
  std::string text(length == 0 ? 0 : length - 1, '/');
  auto end = text.size();
  for (auto at = place; at != root; at = parent(at)) {
    const auto part = name(at);
    end -= part.size();
    part.copy(text.data() + end, part.size());
    if (end > 0) --end;
  }
  return text;
}

std::string Index::path(Place folder, std::string_view name) const {
  auto text = path(folder);
  if (!text.empty()) text += '/';
  return text.append(name);
}

Place Index::watched_by(int wd) const {
  const auto at = by_wd_.find(index_hash(wd), [&](std::uint32_t each) { return folders_[each].wd == wd; });
  return at == nowhere ? nowhere : folders_[at].node;
}

void Index::watch(Place folder, int wd) {
  const auto at = nodes_[folder].folder;
  const auto hash = [this](std::uint32_t each) { return index_hash(folders_[each].wd); };
  if (folders_[at].wd >= 0) by_wd_.erase(at, hash), --watches_;
  folders_[at].wd = wd;
  if (wd >= 0) by_wd_.insert(at, hash), ++watches_;
}

std::size_t Index::bytes() const {
  return names_.bytes() + nodes_.bytes() + folders_.bytes() + by_name_.bytes() + by_wd_.bytes();
}

}  // namespace vitald::watch
