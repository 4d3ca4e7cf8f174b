#pragma once
// A copy of /proc and /sys (or a part of it) in a folder that goes away with the object.
#include "collectors/base/collector.hpp"

#include <string>
#include <string_view>

namespace vitald::test {

class Tree {
 public:
  Tree();
  // Unpacks tests/hosts/<host>.tree. Its lines: "== file PATH" and then the text up to the next line with "== "
  // ("== file PATH without newline" drops the last line end), "== dir PATH", "== link PATH -> TARGET".
  explicit Tree(std::string_view host);
  ~Tree();
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  // Paths are relative to the root ("proc/stat"); folders on the way are made. What stands there is replaced.
  void file(std::string_view path, std::string_view text) const;
  void dir(std::string_view path) const;
  void link(std::string_view path, std::string_view target) const;
  void remove(std::string_view path) const;
  std::string path(std::string_view inside) const { return root_ + "/" + std::string(inside); }
  const Roots& roots() const { return roots_; }

 private:
  std::string root_;
  Roots roots_;
};

}  // namespace vitald::test
