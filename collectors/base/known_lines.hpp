#pragma once
// Texts of a name and a number a line, as /proc/vmstat: the kernel writes the same names in the same places until it is
// rebooted. What was made of a line is remembered by its place, and a line that is as it was, but for the number, is
// not taken apart again.
#include "collectors/base/scan.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace vitald {

template <class Made>
class KnownLines {
 public:
  struct Line {
    std::string head, tail;  // what stands before the blanks and the number, and from there to the line's end: " kB\n"
    Made made;
  };

  void begin() { place_ = 0; }  // a reading starts

  // Steps over the next line and reads its number where the line is known in this place; else nothing, and what follows
  // is not known any more. Good until the next call.
  const Line* take(std::string_view& text, std::uint64_t& number) {
    if (place_ < lines_.size() && scan::take_line_of(text, lines_[place_].head, lines_[place_].tail, number))
      return &lines_[place_++];
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(place_), lines_.end());
    return nullptr;
  }
  // The line that was just read otherwise.
  const Line* learn(std::string_view head, std::string_view tail, Made made) {
    lines_.push_back({std::string(head), std::string(tail), std::move(made)});
    ++place_;
    return &lines_.back();
  }
  std::span<const Line> before() const { return std::span(lines_).first(place_); }

 private:
  std::vector<Line> lines_;
  std::size_t place_ = 0;
};

}  // namespace vitald
