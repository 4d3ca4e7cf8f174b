#pragma once
// Numbers as the text formats have them: the shortest form that reads back the same; NaN, +Inf, -Inf.
#include "collectors/base/table.hpp"

#include <string_view>

namespace vitald::encode {

constexpr std::size_t most_of_number = 32;  // characters

// Behind `at` there is room for the longest; gives the end.
char* write_number(char* at, const Value& value);

bool same_number(const Value& a, const Value& b);  // to the bit

// Numbers of one text that stays where it is: times that many rows share are made once.
class Numbers {
 public:
  char* write(char* at, const Value& value);

 private:
  Value last_;
  std::string_view text_;  // of the last real, where it was written
};

}  // namespace vitald::encode
