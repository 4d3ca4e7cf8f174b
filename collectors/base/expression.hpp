#pragma once
// A regular expression (RE2) with what its named groups found.
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

namespace vitald {

using Captures = std::vector<std::pair<std::string, std::string>>;  // name, text

class Expression {
 public:
  // One that is not right matches nothing; fault_of_expression has told so before.
  explicit Expression(std::string_view expression);
  ~Expression();
  Expression(Expression&&) noexcept;

  // Whether it is found anywhere in the text, which is UTF-8; then the named groups are appended.
  bool find(std::string_view text, Captures& out) const;

 private:
  std::unique_ptr<re2::RE2> compiled_;
};

}  // namespace vitald
