#pragma once
// Passwords against their bcrypt hashes. Slow, as it is meant to be: not for the loop.
#include <string>
#include <string_view>

namespace vitald::http {

// Whether the password is the one of the hash ($2a$, $2b$, $2y$). Compares in constant time.
bool is_password_of(std::string_view password, const std::string& hash);

// A hash that no password has, as costly to try as the given one.
std::string impossible_hash(std::string_view cost);  // "12"

}  // namespace vitald::http
