#pragma once
// The Authorization field of a request, in the scheme "Basic" (RFC 7617).
#include <array>
#include <cstdint>
#include <string_view>

namespace vitald::http {

// Decoded into its own room: nothing allocates. Longer ones than that are nobody's.
class Basic {
 public:
  // False when the field is no user and password.
  bool read(std::string_view authorization);
  std::string_view user() const { return user_; }
  std::string_view password() const { return password_; }

  static constexpr std::size_t most = 1024;  // bytes of both

 private:
  std::array<std::uint8_t, most + 3> bytes_{};
  std::string_view user_, password_;
};

}  // namespace vitald::http
