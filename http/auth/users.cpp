#include "http/auth/users.hpp"

#include "http/auth/bcrypt.hpp"

#include <algorithm>

namespace vitald::http {

Users::Users(const std::vector<std::pair<std::string, std::string>>& hashes) {
  std::string_view dearest = "04";
  for (const auto& [name, hash] : hashes) {
    hashes_[name] = hash;
    dearest = std::max(dearest, std::string_view(hash).substr(4, 2));
  }
  impossible_ = impossible_hash(dearest);
}

Users::Found Users::find(std::string_view user) const {
  const auto at = hashes_.find(user);
  if (at == hashes_.end()) return {impossible_, false};
  return {at->second, true};
}

}  // namespace vitald::http
