#include "daemon/give_back.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

namespace give_back_test {

using namespace vitald;

namespace {

long pages_of_files() {  // proc(5), statm: size, resident, shared
  std::ifstream file("/proc/self/statm");
  long size = 0, resident = 0, shared = 0;
  file >> size >> resident >> shared;
  return shared;
}

}  // namespace

TEST_SUITE("daemon/give_back") {
  TEST_CASE("pages of program and libraries go, and come again as they are used") {
    const auto before = pages_of_files();
    give_memory_back();
    const auto after = pages_of_files();
    CHECK(after < before);
    CHECK(after > 0);
    CHECK(std::atoi("42") == 42);
  }
}

}  // namespace give_back_test
