#pragma once
#include "collectors/base/filter.hpp"
#include "collectors/base/page.hpp"

#include <vector>

namespace vitald::memory {

struct Count {
  Text name;
  std::uint64_t value = 0;
};

// Which fields to keep. The kernel lists the same names in the same order until it is rebooted, so the expression is
// asked once a name and its verdict remembered by position.
class Fields {
 public:
  enum class Verdict : std::uint8_t { drop, keep, odd };  // odd: no name that the kernel would give

  explicit Fields(std::string_view expression) : wanted_(expression) {}
  Verdict ask(std::size_t position, std::string_view name);
  std::size_t times_matched() const { return matched_; }

 private:
  struct Known {
    Text name;
    Verdict verdict;
  };
  Verdict judge(std::string_view name);

  Pattern wanted_;
  std::vector<Known> known_;
  std::size_t matched_ = 0;
};

Result<void> parse_vmstat(std::string_view text, Fields& fields, Sheet<Count>& out);  // proc_vmstat(5)

}  // namespace vitald::memory
