#pragma once
// What --collector.textfile.directory names: folders, or patterns of folders.
#include "collectors/base/collector.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vitald::service {

struct Pattern {
  std::string files;   // "/srv/*/metrics/*.prom": absolute, as the kernel is asked
  std::string prefix;  // what stands before the first '*': "/srv"
  std::string label;   // what labels have in the place of the first `replaced` characters
  std::size_t replaced = 0;
  bool optional = false;  // it need not be there
  bool near = false;      // nothing there can hang, as long as no link leads elsewhere
  bool direct = false;    // listed by ourselves, not by the probe
  std::string records;    // of UserFiles::list

  std::string label_of(std::string_view path) const {
    return std::string(label).append(path.substr(std::min(replaced, path.size())));
  }
};

// Without empty, "." and ".." components, as Go's filepath.Clean leaves a path.
std::string cleaned(std::string_view path);

// `here` is the working directory, for paths that begin nowhere else.
Pattern pattern_of(std::string_view given, std::string_view here);

// What is set, else the folder of Debian's package.
std::vector<Pattern> patterns_of(const Options& options, const Roots& roots);

}  // namespace vitald::service
