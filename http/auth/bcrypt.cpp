#include "http/auth/bcrypt.hpp"

#include <crypt.h>
#include <nettle/memops.h>

#include <cstring>
#include <memory>

namespace vitald::http {

bool is_password_of(std::string_view password, const std::string& hash) {
  constexpr std::size_t most_read = 72;                    // by bcrypt; the rest counts nowhere
  if (password.find('\0') != password.npos) return false;  // what stood behind it would not be looked at
  const std::string phrase(password.substr(0, most_read));
  const auto room = std::make_unique<crypt_data>();  // 32 KiB
  const char* const made = ::crypt_r(phrase.c_str(), hash.c_str(), room.get());
  return made && std::strlen(made) == hash.size() && ::nettle_memeql_sec(made, hash.data(), hash.size()) == 1;
}

std::string impossible_hash(std::string_view cost) {
  // Its 31 last characters would have to be all dots: 184 bits of zero.
  return std::string("$2b$").append(cost).append("$").append(22 + 31, '.');
}

}  // namespace vitald::http
