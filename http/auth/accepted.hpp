#pragma once
// Who has shown the right password already, so that bcrypt is asked once and not with every request.
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace vitald::http {

// Keeps no password: a keyed digest (HMAC-SHA-256, with a key of this run) of user, hash and password, each behind its
// length, so that no other three make the same text. Only successes, and only so many. The loop's thread only.
class Accepted {
 public:
  Accepted();
  ~Accepted();
  bool knows(std::string_view user, std::string_view hash, std::string_view password) const;
  void remember(std::string_view user, std::string_view hash, std::string_view password);
  void clear();

  static constexpr std::size_t most = 128;  // one more takes the place of the oldest

 private:
  using Digest = std::array<std::uint8_t, 32>;
  struct Key;
  Digest digest(std::string_view user, std::string_view hash, std::string_view password) const;

  std::unique_ptr<Key> key_;
  std::vector<Digest> all_;
  std::size_t next_ = 0;
};

}  // namespace vitald::http
