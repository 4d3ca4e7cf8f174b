#pragma once
// What listings need to know of the whole system.
#include "collectors/base/result.hpp"

#include <cstdint>
#include <string>

namespace vitald::process {

Result<void> parse_boot_seconds(std::string_view text, std::uint64_t& out);  // of /proc/stat
Result<void> parse_memory_bytes(std::string_view text, std::uint64_t& out);  // of /proc/meminfo: MemTotal

// "/dev/pts/3", "/dev/tty1", of the device's number in stat; empty for others.
std::string terminal_name(std::uint32_t device);

}  // namespace vitald::process
