#include "collectors/watch/names.hpp"

#include <cstring>

namespace vitald::watch {
namespace {

std::size_t steps_of(std::size_t length) { return (length + 1 + 7) / 8; }

}  // namespace

// What is left of a block when a longer name comes is lost: 248 bytes of 32 KiB at most.
std::uint32_t Names::add(std::string_view name) {
  const auto steps = steps_of(name.size());
  std::uint32_t at = 0;
  if (auto& left = free_[steps]; !left.empty()) {
    at = left.back();
    left.pop_back();
  } else {
    if (used_in_last_ + steps > block_steps) {
      blocks_.push_back(std::make_unique<Block>());
      used_in_last_ = 0;
    }
    at = static_cast<std::uint32_t>((blocks_.size() - 1) * block_steps + used_in_last_);
    used_in_last_ += steps;
  }
  auto* const to = at_step(at);
  *to = static_cast<char>(static_cast<unsigned char>(name.size()));
  std::memcpy(to + 1, name.data(), name.size());
  return at;
}

void Names::remove(std::uint32_t at) { free_[steps_of((*this)[at].size())].push_back(at); }

std::string_view Names::operator[](std::uint32_t at) const {
  const auto* const from = at_step(at);
  return {from + 1, static_cast<unsigned char>(*from)};
}

std::size_t Names::bytes() const {
  auto sum = blocks_.size() * sizeof(Block);
  for (const auto& left : free_) sum += left.capacity() * sizeof(std::uint32_t);
  return sum;
}

}  // namespace vitald::watch
