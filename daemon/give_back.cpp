#include "daemon/give_back.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string_view>

namespace vitald {
namespace {

// Never written, so what the file holds is what the pages held. Relocated pages lie in segments that can be written.
bool is_of_a_file(const dl_phdr_info& object, const ElfW(Phdr) & segment) {
  return segment.p_type == PT_LOAD && (segment.p_flags & PF_W) == 0 &&
         std::string_view(object.dlpi_name).find("vdso") == std::string_view::npos;
}

int forget_pages(dl_phdr_info* object, std::size_t, void*) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (!is_of_a_file(*object, segment)) continue;
    const auto begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const auto end = object->dlpi_addr + segment.p_vaddr + segment.p_filesz;
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // at worst they stay
  }
  return 0;
}

}  // namespace

void give_memory_back() {
  ::malloc_trim(0);
  ::dl_iterate_phdr(forget_pages, nullptr);
}

}  // namespace vitald
