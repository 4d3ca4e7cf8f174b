#pragma once
// A YAML text as its leaves: each with the keys that lead to it.
#include <string>
#include <string_view>
#include <vector>

namespace vitald::config {

struct Leaf {
  struct Key {
    std::string text;
    std::size_t line;  // 1-based, as all lines here
  };
  enum class Kind : unsigned char { nothing, scalar, list };  // nothing: "key:" without a value, or an empty map
  std::vector<Key> path;
  Kind kind = Kind::nothing;
  std::vector<std::string> values;  // one for a scalar
};

struct Leaves {
  struct Fault {
    std::size_t line;
    std::string text;
  };
  std::vector<Leaf> all;
  std::vector<Fault> faults;
};

// One document that is a map of maps, scalars and lists of scalars; all else is a fault, and so are keys that stand
// twice, anchors, aliases and tags of others. An empty text has no leaves.
enum class Lines : unsigned char { one, many };  // whether a text may have line breaks in it
Leaves read_leaves(std::string_view yaml, Lines lines = Lines::one);

}  // namespace vitald::config
