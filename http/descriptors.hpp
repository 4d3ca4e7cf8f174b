#pragma once
// The process's limit of open descriptors, and how it is shared between connections and files.
#include <cstddef>

namespace vitald::http {

std::size_t descriptor_limit();
std::size_t raise_descriptor_limit();  // as far as this process may; what it is then

// What is left of a limit when the collectors, the log and the rest have theirs.
constexpr std::size_t connections_for(std::size_t limit) {
  constexpr std::size_t files = 128;
  return limit >= 2 * files ? limit - files : limit / 2;
}

// One descriptor kept, so that there is one when all others are taken.
class Reserve {
 public:
  Reserve() { hold(); }
  ~Reserve() { give_up(); }
  Reserve(const Reserve&) = delete;
  Reserve& operator=(const Reserve&) = delete;
  void hold();     // takes one again, if it is gone and one can be had
  bool give_up();  // whether there was one

 private:
  int fd_ = -1;
};

}  // namespace vitald::http
