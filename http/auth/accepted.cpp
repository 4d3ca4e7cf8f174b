#include "http/auth/accepted.hpp"

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <sys/random.h>

#include <system_error>

namespace vitald::http {

struct Accepted::Key {
  hmac_sha256_ctx fresh;  // keyed, and nothing read yet
};

Accepted::Accepted() : key_(std::make_unique<Key>()) {
  std::array<std::uint8_t, 32> random;
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
    throw std::system_error(errno, std::system_category(), "getrandom");
  ::nettle_hmac_sha256_set_key(&key_->fresh, random.size(), random.data());
  all_.reserve(most);
}
Accepted::~Accepted() = default;

Accepted::Digest Accepted::digest(std::string_view user, std::string_view hash, std::string_view password) const {
  auto context = key_->fresh;
  for (const auto field : {user, hash, password}) {
    const std::uint64_t size = field.size();
    ::nettle_hmac_sha256_update(&context, sizeof size, reinterpret_cast<const std::uint8_t*>(&size));
    ::nettle_hmac_sha256_update(&context, field.size(), reinterpret_cast<const std::uint8_t*>(field.data()));
  }
  Digest made;
  ::nettle_hmac_sha256_digest(&context, made.size(), made.data());
  return made;
}

bool Accepted::knows(std::string_view user, std::string_view hash, std::string_view password) const {
  const auto wanted = digest(user, hash, password);
  int found = 0;
  for (const auto& each : all_) found |= ::nettle_memeql_sec(each.data(), wanted.data(), wanted.size());
  return found != 0;
}

void Accepted::remember(std::string_view user, std::string_view hash, std::string_view password) {
  const auto made = digest(user, hash, password);
  if (all_.size() < most)
    all_.push_back(made);
  else
    all_[next_++ % most] = made;
}

void Accepted::clear() { all_.clear(); }

}  // namespace vitald::http
