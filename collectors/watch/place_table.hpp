#pragma once
// A set of numbers of things that lie elsewhere, found by a hash that those know: four bytes a slot.
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace vitald::watch {

class PlaceTable {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  template <class Same>
  std::uint32_t find(std::uint32_t hash, Same same) const {
    if (slots_.empty()) return none;
    for (auto at = hash & mask();; at = (at + 1) & mask())
      if (slots_[at] == none || same(slots_[at])) return slots_[at];
  }
  template <class HashOf>
  void insert(std::uint32_t item, HashOf hash_of) {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow(hash_of);
    put(item, hash_of(item));
    ++used_;
  }
  // `item` is in it.
  template <class HashOf>
  void erase(std::uint32_t item, HashOf hash_of) {
    auto hole = hash_of(item) & mask();
    while (slots_[hole] != item) hole = (hole + 1) & mask();
    for (auto at = hole; slots_[at = (at + 1) & mask()] != none;) {
      const auto home = hash_of(slots_[at]) & mask();
      if (((at - home) & mask()) < ((at - hole) & mask())) continue;  // it stands between its home and the hole
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = none;
    --used_;
  }
  std::size_t bytes() const { return slots_.capacity() * sizeof(std::uint32_t); }

 private:
  std::uint32_t mask() const { return static_cast<std::uint32_t>(slots_.size() - 1); }
  void put(std::uint32_t item, std::uint32_t hash) {
    auto at = hash & mask();
    while (slots_[at] != none) at = (at + 1) & mask();
    slots_[at] = item;
  }
  template <class HashOf>
  void grow(HashOf hash_of) {
    std::vector<std::uint32_t> old(slots_.empty() ? 64 : slots_.size() * 2, none);
    old.swap(slots_);
    for (const auto item : old)
      if (item != none) put(item, hash_of(item));
  }

  std::vector<std::uint32_t> slots_;  // a power of two
  std::size_t used_ = 0;
};

// Items by number in blocks that never move: growing copies nothing, and needs no room for two.
template <class Item>
class Blocks {
 public:
  Item& operator[](std::uint32_t at) { return (*blocks_[at / each])[at % each]; }
  const Item& operator[](std::uint32_t at) const { return (*blocks_[at / each])[at % each]; }
  std::uint32_t take() {
    if (!free_.empty()) {
      const auto at = free_.back();
      free_.pop_back();
      return at;
    }
    if (size_ == blocks_.size() * each) blocks_.push_back(std::make_unique<Block>());
    return size_++;
  }
  void give_back(std::uint32_t at) { free_.push_back(at); }
  std::size_t used() const { return size_ - free_.size(); }
  std::size_t bytes() const { return blocks_.size() * sizeof(Block) + free_.capacity() * sizeof(std::uint32_t); }

 private:
  static constexpr std::size_t each = 1024;
  using Block = std::array<Item, each>;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t size_ = 0;
};

}  // namespace vitald::watch
