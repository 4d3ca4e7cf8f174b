#include "http/tls/pages.hpp"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string_view>

namespace vitald::http::tls {
namespace {

// Segments that nobody writes to: no relocation is lost.
int let_go(dl_phdr_info* object, std::size_t, void*) {
  const std::string_view name(object->dlpi_name);
  if (name.find("/libssl.so") == name.npos && name.find("/libcrypto.so") == name.npos) return 0;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const auto end = (object->dlpi_addr + segment.p_vaddr + segment.p_memsz + page - 1) & ~(page - 1);
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void let_go_of_pages() { ::dl_iterate_phdr(let_go, nullptr); }

}  // namespace vitald::http::tls
