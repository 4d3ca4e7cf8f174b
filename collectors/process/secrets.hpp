#pragma once
// Arguments and variables that look like secrets are masked, for everyone.
//
// By name: what follows "NAME=", "NAME: " or an argument "-NAME", where the expression is found in NAME and it is no
// name of a file ("--password-file"). By form: the password in "scheme://user:password@host".
#include "collectors/base/filter.hpp"

#include <string>
#include <string_view>

namespace vitald::process {

class Secrets {
 public:
  explicit Secrets(std::string_view expression) : names_(expression) {}

  bool is_secret(std::string_view name) const;
  void append_value(std::string_view name, std::string_view value, std::string& out) const;
  // Arguments with NULs between them.
  void append_command(std::string_view command, std::string& out) const;

  static constexpr std::string_view mask = "********";

 private:
  bool append_argument(std::string_view argument, std::string& out) const;
  bool append_word(std::string_view& argument, bool first, std::string& out) const;

  Pattern names_;
};

}  // namespace vitald::process
