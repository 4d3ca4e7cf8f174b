#pragma once
// Which names a watch leaves out, and which files it is for, by the shell's patterns (fnmatch(3)). One without a slash
// is for the name itself, wherever it is; one with a slash for the path below the root, and then * goes across slashes.
#include <string>
#include <string_view>
#include <vector>

namespace vitald::watch {

class Patterns {
 public:
  Patterns() = default;
  Patterns(std::vector<std::string> include, std::vector<std::string> exclude);

  // An include pattern chooses among files; directories are left out by exclude alone, then with all below them.
  bool keeps(std::string_view path, std::string_view name, bool folder) const;
  bool by_path() const { return by_path_; }  // some look at more than the name

 private:
  std::vector<std::string> include_, exclude_;
  bool by_path_ = false;
};

}  // namespace vitald::watch
