#pragma once
// Who may come with a password.
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitald::http {

class Users {
 public:
  Users() = default;
  explicit Users(const std::vector<std::pair<std::string, std::string>>& hashes);  // by name

  struct Found {
    std::string_view hash;  // of a user that is not known: one that no password has, as costly as the dearest
    bool known = false;
  };
  Found find(std::string_view user) const;
  bool empty() const { return hashes_.empty(); }

 private:
  std::map<std::string, std::string, std::less<>> hashes_;
  std::string impossible_;
};

}  // namespace vitald::http
