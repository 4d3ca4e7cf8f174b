#pragma once
// The kernel's capabilities by name (capabilities(7)).
#include <optional>
#include <string>
#include <string_view>

namespace vitald::config {

// "CAP_SYS_PTRACE", "cap_sys_ptrace" and "sys_ptrace" are the same.
std::optional<unsigned> capability_number(std::string_view name);

std::string capability_name(unsigned number);  // "CAP_SYS_PTRACE"; "CAP_63" where that has no name here
unsigned capability_count();                   // of those that have one

}  // namespace vitald::config
