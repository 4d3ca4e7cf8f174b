#pragma once
// Where sizes are asked for, and who asks: the reader's own thread, or the probe.
#include "collectors/base/probe.hpp"

#include <string>
#include <vector>

namespace vitald::filesystem {

class Places {
 public:
  using Ask = int (*)(const char* path, FileSystemSize& out);  // as ask_statfs: an errno, or 0
  struct Place {
    std::string path;
    bool direct = false;  // nothing can hold it up
    int error = 0;
    FileSystemSize size;  // good when error is 0
  };

  explicit Places(Probe& probe, Ask directly = ask_statfs) : probe_(probe), directly_(directly) {}
  void clear();
  // The number of the place; one path is one place, and direct only if it is so for all who name it.
  std::size_t add(std::string path, bool direct);
  // Asks for all, of the probe at once. What lies below a place that does not answer does not answer either.
  void ask(std::chrono::milliseconds patience);
  const Place& operator[](std::size_t number) const { return places_[number]; }

 private:
  void ask_probe(std::chrono::milliseconds patience);
  void spread_silence();

  Probe& probe_;
  Ask directly_;
  std::vector<Place> places_;
  std::vector<Probe::Question> questions_;
};

}  // namespace vitald::filesystem
