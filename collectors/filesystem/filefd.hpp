#pragma once
#include "collectors/base/page.hpp"

namespace vitald::filesystem {

struct OpenFiles {  // open files of the whole machine, by their structures in the kernel
  std::uint64_t allocated = 0, maximum = 0;
};

// proc_sys_fs(5), file-nr. Copies' blanks at the end do no harm.
Result<void> parse_filefd(std::string_view text, Sheet<OpenFiles>& out);

}  // namespace vitald::filesystem
