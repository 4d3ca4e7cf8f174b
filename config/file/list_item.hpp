#pragma once
// A list's item that has settings of its own, written as one text: "{name: logs, exclude: ['*.gz', tmp]}".
#include <string>
#include <string_view>
#include <utility>

namespace vitald::config {

class ListItem {
 public:
  bool open() const { return !text_.empty(); }
  void begin() { text_ = "{", wants_key_ = true, in_list_ = false; }
  std::string end() { return std::exchange(text_, {}) + "}"; }

  void scalar(std::string_view text);  // a key, or its value, or a value of its list
  bool begin_list();                   // false where none may stand
  bool end_list();                     // false: of none that was begun

 private:
  void part(std::string_view text);
  std::string text_;
  bool wants_key_ = true, in_list_ = false;
};

}  // namespace vitald::config
