// A probe that the tests can make hang, die or be slow, by files that stand beside the path asked about.
#include "daemon/probe_child.hpp"

#include <time.h>
#include <unistd.h>

#include <string>

namespace {

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

void rest(long milliseconds) {
  const timespec time{milliseconds / 1000, milliseconds % 1000 * 1000000};
  ::nanosleep(&time, nullptr);
}

void before(const char* path) {
  const std::string beside(path);
  if (exists(beside + ".slow")) rest(30);
  while (exists(beside + ".frozen")) rest(1);
  if (exists(beside + ".dies")) ::_exit(1);
  if (::unlink((beside + ".dies_once").c_str()) == 0) ::_exit(1);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2 || std::string(arguments[1]) != vitald::probe_argument) return 64;
  return vitald::run_probe(before);
}
