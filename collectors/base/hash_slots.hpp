#pragma once
// The hashes of a list whose items lie elsewhere: tells which item of the list is the same as another one. Keeps its
// memory from one list to the next.
#include <cstdint>
#include <vector>

namespace vitald {

class HashSlots {
 public:
  void clear() {
    slots_.assign(slots_.size(), Slot{});
    used_ = 0;
  }
  void give_back() {
    std::vector<Slot>().swap(slots_);
    used_ = 0;
  }

  // The item that `same` says yes to; `fresh` from now on, when there is none.
  template <class Same>
  std::uint32_t find_or_add(std::uint64_t hash, std::uint32_t fresh, Same&& same) {
    if (used_ * 2 >= slots_.size()) grow();
    auto& slot = place(hash, same);
    if (slot.item == none) {
      slot = {hash, fresh};
      ++used_;
    }
    return slot.item;
  }
  template <class Same>
  bool find(std::uint64_t hash, std::uint32_t& item, Same&& same) {
    if (slots_.empty()) return false;
    item = place(hash, same).item;
    return item != none;
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t item = none;
  };

  template <class Same>
  Slot& place(std::uint64_t hash, Same&& same) {
    auto at = hash & (slots_.size() - 1);
    while (slots_[at].item != none && (slots_[at].hash != hash || !same(slots_[at].item)))
      at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const auto& slot : old)
      if (slot.item != none) place(slot.hash, [](std::uint32_t) { return false; }) = slot;
  }

  std::vector<Slot> slots_;  // a power of two, at most half of them used
  std::size_t used_ = 0;
};

}  // namespace vitald
