#pragma once
// A page's text in one format, and what it was made of, so that the next one is made by changing the numbers that
// changed.
#include "collectors/base/out.hpp"
#include "collectors/base/table.hpp"

#include <memory>
#include <vector>

namespace vitald {

// One table of such a text. Samples are in its order: column after column, row after row.
struct Printed {
  std::shared_ptr<const void> skeleton;  // all between the numbers; none: not known
  std::size_t begin = 0, size = 0;       // where it stands
  std::vector<Value> values;
  std::vector<std::uint8_t> widths;  // of the numbers, in characters
};

struct Encoded {
  Out text;
  bool made = false;
  std::vector<Printed> tables;
  std::size_t intact = 0;  // so many bytes are still what they were when the text was last made
  void rewind() {
    if (made) intact = text.size();
    text.clear();
    made = false;
  }
};

}  // namespace vitald
