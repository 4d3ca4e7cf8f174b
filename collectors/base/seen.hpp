#pragma once
// Which names one text has had already, so that a repeated line does not become a second series. Keeps its memory.
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace vitald {

class Seen {
 public:
  void clear() {
    slots_.assign(slots_.size(), {});
    used_ = 0;
  }
  // True the first time. The text must stay good until `clear`; an empty name is always new.
  bool first(std::string_view name) {
    if (name.empty()) return true;
    if (used_ * 2 >= slots_.size()) grow();
    auto& slot = slot_of(name);
    if (!slot.empty()) return false;
    slot = name;
    ++used_;
    return true;
  }

 private:
  std::string_view& slot_of(std::string_view name) {
    auto at = std::hash<std::string_view>{}(name);
    while (true) {
      auto& slot = slots_[at++ & (slots_.size() - 1)];
      if (slot.empty() || slot == name) return slot;
    }
  }
  void grow() {
    std::vector<std::string_view> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const auto name : old)
      if (!name.empty()) slot_of(name) = name;
  }

  std::vector<std::string_view> slots_;  // a power of two of them, at most half in use
  std::size_t used_ = 0;
};

}  // namespace vitald
