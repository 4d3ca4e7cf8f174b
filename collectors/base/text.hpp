#pragma once
// A string member of a row. Assigning to it never gives its memory back, so that rows are reset by
// `row = Row{}` and filled again without an allocation.
#include <string>
#include <string_view>
#include <utility>

namespace vitald {

class Text {
 public:
  Text() = default;
  Text(std::string_view text) : text_(text) {}
  Text(const char* text) : text_(text) {}
  Text(const Text&) = default;
  Text(Text&&) noexcept = default;
  ~Text() = default;
  Text& operator=(const Text& from) { return *this = from.view(); }
  Text& operator=(Text&& from) noexcept {  // keeps the capacity that a moved string would throw away
    if (from.text_.empty())
      text_.clear();
    else
      text_ = std::move(from.text_);
    return *this;
  }
  Text& operator=(std::string_view text) {
    text_.assign(text);
    return *this;
  }
  Text& operator=(const char* text) { return *this = std::string_view(text); }
  Text& operator+=(std::string_view text) {
    text_.append(text);
    return *this;
  }
  Text& operator+=(char c) {
    text_.push_back(c);
    return *this;
  }
  void clear() { text_.clear(); }
  bool empty() const { return text_.empty(); }
  std::string_view view() const { return text_; }
  operator std::string_view() const { return text_; }
  friend bool operator==(const Text& a, std::string_view b) { return a.view() == b; }

 private:
  std::string text_;
};

// A text that may be missing: then its label is left out, in JSON it is null. It keeps its memory as Text does.
class OptionalText {
 public:
  OptionalText& operator=(std::string_view text) {
    text_ = text;
    there_ = true;
    return *this;
  }
  OptionalText& operator+=(std::string_view text) {
    text_ += text;
    there_ = true;
    return *this;
  }
  bool there() const { return there_; }
  std::string_view view() const { return there_ ? text_.view() : std::string_view(); }
  operator std::string_view() const { return view(); }

 private:
  Text text_;
  bool there_ = false;
};

// What OptionalText shows where it is missing; an empty text is none.
constexpr bool missing(std::string_view text) { return text.data() == nullptr; }

}  // namespace vitald
