#pragma once
// From the command line and the files that it names to one set of settings, as often as wanted.
#include "config/command_line.hpp"

namespace vitald::config {

// Any thread that may wait for files, one at a time; the loop may not. Relative paths, also those in files, count from
// the folder that the program was started in, and come out whole, as a daemon leaves it. In the foreground the folders
// of text files come out as given: they are part of labels.
class Loader {
 public:
  // Reads the command line, once and for all. `options` outlives it.
  Loader(int argc, const char* const* argv, std::span<const Option> options);

  // Either all settings, or all that is wrong. The files are read anew.
  Parsed load() const;

  const std::string& file() const { return file_; }  // the one that was named, with its whole path; empty: none

 private:
  std::vector<Given> given_with_files(Parsed& parsed) const;

  std::span<const Option> options_;
  CommandLine line_;
  std::string folder_;  // of the start; empty where no path counts from it
  std::string file_;
};

}  // namespace vitald::config
