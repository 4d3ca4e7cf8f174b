#pragma once
// Counts what operator new hands out, for "allocates nothing once warm".
#include <cstddef>

namespace vitald::test {

std::size_t allocations();  // of this thread, so far

template <class Work>
std::size_t allocations_of(Work&& work) {
  const auto before = allocations();
  work();
  return allocations() - before;
}

}  // namespace vitald::test
