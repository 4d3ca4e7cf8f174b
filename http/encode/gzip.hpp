#pragma once
// Bytes to one gzip member (RFC 1952). The only place that knows the library (ISA-L, level 1).
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vitald::encode {

// Keeps the compressor's 200 KiB of state between calls. The loop's thread only.
class Gzip {
 public:
  Gzip();
  ~Gzip();
  std::string member(std::span<const std::string_view> parts);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitald::encode
