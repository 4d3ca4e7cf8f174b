#pragma once
// A cursor over the text of a kstat.
#include "collectors/base/result.hpp"
#include "collectors/base/table.hpp"

namespace vitald::filesystem {

struct KstatLine {
  std::string_view name, text;
  Value value;  // absent where it is no 64-bit number
};

class KstatLines {
 public:
  explicit KstatLines(std::string_view text) : rest_(text) {}
  Result<void> begin();               // the first line, which all kstats have
  Result<bool> next(KstatLine& out);  // false at the end
  bool take(std::string_view& line);  // as it is, where the kstat has no rows; false when it was cut
  Fault fault(Parse code) const;      // in the line that was taken last

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

}  // namespace vitald::filesystem
