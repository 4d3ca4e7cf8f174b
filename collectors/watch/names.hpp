#pragma once
// File names, packed: a byte for the length, then the name, in steps of eight bytes.
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace vitald::watch {

class Names {
 public:
  static constexpr std::size_t longest = 255;  // FUSE has longer ones
  std::uint32_t add(std::string_view name);    // of at most 255 bytes
  void remove(std::uint32_t at);
  std::string_view operator[](std::uint32_t at) const;
  std::size_t bytes() const;

 private:
  static constexpr std::size_t step = 8, block_steps = 4096;
  using Block = std::array<char, step * block_steps>;

  char* at_step(std::uint32_t at) const { return blocks_[at / block_steps]->data() + at % block_steps * step; }

  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t used_in_last_ = block_steps;
  std::array<std::vector<std::uint32_t>, 256 / step + 1> free_;  // by steps
};

}  // namespace vitald::watch
