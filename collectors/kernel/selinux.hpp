#pragma once
#include "collectors/base/page.hpp"

namespace vitald::kernel {

// What SELINUX= says in /etc/selinux/config: 1 enforcing, 0 permissive, -1 disabled.
Result<std::int64_t> parse_selinux_config(std::string_view text);

}  // namespace vitald::kernel
