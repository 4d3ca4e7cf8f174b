#pragma once
// Which addresses have lately sent wrong passwords: whoever has not is served before them.
#include <array>
#include <chrono>
#include <cstdint>

namespace vitald {

// Remembers a few, and forgets by itself: what was counted halves with each minute. The loop's thread only.
class Suspicion {
 public:
  using Address = std::array<std::uint8_t, 16>;
  using Time = std::chrono::steady_clock::time_point;

  unsigned of(const Address& address, Time now) const {
    const auto& slot = slots_[place_of(address)];
    return slot.address == address ? left(slot, now) : 0;
  }
  void add(const Address& address, Time now) {
    auto& slot = slots_[place_of(address)];
    const auto before = slot.address == address ? left(slot, now) : 0;
    slot = {address, before + (before < most ? 1U : 0U), now};
  }

  static constexpr unsigned most = 1000;

 private:
  struct Slot {
    Address address{};
    unsigned count = 0;
    Time last{};
  };
  static std::size_t place_of(const Address& address) {
    std::size_t sum = 0;
    for (const auto byte : address) sum = sum * 31 + byte;
    return sum % 256;
  }
  static unsigned left(const Slot& slot, Time now) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - slot.last).count();
    return minutes > 15 ? 0 : slot.count >> minutes;
  }

  std::array<Slot, 256> slots_{};
};

}  // namespace vitald
