#pragma once
// Which names to keep, by the peers' include and exclude expressions (RE2, unanchored).
#include "collectors/base/option.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace re2 {
class RE2;
}

namespace vitald {

// Compiled expression; an empty one matches nothing it is asked about and costs nothing.
class Pattern {
 public:
  // One that is not right matches nothing; fault_of_expression has told so at the start.
  explicit Pattern(std::string_view expression);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  bool given() const { return compiled_ != nullptr; }
  bool found_in(std::string_view text) const;

 private:
  std::unique_ptr<re2::RE2> compiled_;
};

// Of a flag whose expression finds everything where it was given empty.
inline std::string_view even_if_empty(std::string_view expression) { return expression.empty() ? ".*" : expression; }

// What is wrong with the expression; empty when nothing is.
std::string fault_of_expression(std::string_view expression);

// Keeps what the include expression matches and the exclude expression does not. When only the include flag was
// given, the default exclude is off.
class Filter {
 public:
  explicit Filter(Pattern include) : include_(std::move(include)), exclude_({}) {}
  Filter(const Options& options, std::string_view include_flag, std::string_view exclude_flag);
  bool keeps(std::string_view name) const;

 private:
  Pattern include_, exclude_;
};

}  // namespace vitald
