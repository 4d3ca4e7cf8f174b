#pragma once
// The command line's words, made such that CLI11 cannot misread them.
//
// CLI11 2.1.2 takes the next word for the value of "--x=", splits "[a,b]" and takes values that begin with a dash for
// flags. So it is given flags as they are, but in place of each value its number: "#3" for values[3].
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::config {

struct Words {
  struct Value {
    std::string text;
    std::string flag;       // the flag right before it, empty when there is none
    bool attached = false;  // as in --flag=value
  };
  std::vector<std::string> marked;
  std::vector<Value> values;

  // The value that stands behind a marked word; null when it is none.
  const Value* value(std::string_view word) const;
};

// `arguments` without the program's name. A word @FILE stands for the lines of that file, as with the peer.
Words read_words(std::span<const char* const> arguments, std::vector<std::string>& errors);

}  // namespace vitald::config
