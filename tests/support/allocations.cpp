#include "tests/support/allocations.hpp"

#include <cstdlib>
#include <new>

namespace {
thread_local std::size_t count = 0;
}

std::size_t vitald::test::allocations() { return count; }

// The array forms of the library come here too.
void* operator new(std::size_t size) {
  ++count;
  if (void* made = std::malloc(size != 0 ? size : 1)) return made;
  throw std::bad_alloc();
}
void* operator new(std::size_t size,
                   const std::nothrow_t&) noexcept {  // the address sanitizer has one of its own, else
  ++count;
  return std::malloc(size != 0 ? size : 1);
}
void operator delete(void* made) noexcept { std::free(made); }
void operator delete(void* made, std::size_t) noexcept { std::free(made); }
