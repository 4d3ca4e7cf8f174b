#pragma once
#include "collectors/base/filter.hpp"
#include "collectors/base/known_lines.hpp"
#include "collectors/base/page.hpp"

namespace vitald::memory {

struct Count {
  Text name;
  std::uint64_t value = 0;
};

// Which fields to keep: the expression is asked once a name.
class Fields {
 public:
  struct Kept {
    bool kept;
  };
  using Lines = KnownLines<Kept>;

  explicit Fields(std::string_view expression) : wanted_(expression) {}
  void begin() { lines_.begin(); }
  // Steps over the next line; its head is the name. A fault leaves the rest of the text unread.
  Result<const Lines::Line*> take(std::string_view& text, std::uint64_t& value);
  std::size_t times_matched() const { return matched_; }

 private:
  bool keeps(std::string_view name);

  Pattern wanted_;
  Lines lines_;
  std::size_t matched_ = 0;
};

Result<void> parse_vmstat(std::string_view text, Fields& fields, Sheet<Count>& out);  // proc_vmstat(5)

}  // namespace vitald::memory
