#pragma once
// The kernel's capabilities by name (capabilities(7)).
#include <optional>
#include <string_view>

namespace vitald::config {

// "CAP_SYS_PTRACE", "cap_sys_ptrace" and "sys_ptrace" are the same.
std::optional<unsigned> capability_number(std::string_view name);

}  // namespace vitald::config
