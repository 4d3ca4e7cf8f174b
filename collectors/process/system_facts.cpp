#include "collectors/process/system_facts.hpp"

#include "collectors/process/key_lines.hpp"

namespace vitald::process {

Result<void> parse_boot_seconds(std::string_view text, std::uint64_t& out) {
  for (std::string_view line; scan::take_whole_line(text, line);)
    if (scan::take_word(line) == "btime" && scan::numbers(line, out)) return {};
  return Fault{Parse::truncated, "stat"};
}

Result<void> parse_memory_bytes(std::string_view text, std::uint64_t& out) {
  for (std::string_view line; scan::take_whole_line(text, line);)
    if (scan::take_until(line, ':') == "MemTotal" && kibibytes(line, out)) return {};
  return Fault{Parse::truncated, "meminfo"};
}

std::string terminal_name(std::uint32_t device) {
  const auto major = device >> 8 & 0xfff, minor = (device & 0xff) | (device >> 12 & 0xfff00);
  constexpr std::uint32_t consoles = 4, first_serial = 64, first_pts = 136, last_pts = 143, pts_a_major = 256;
  if (major == consoles && minor < first_serial) return "/dev/tty" + std::to_string(minor);
  if (major == consoles) return "/dev/ttyS" + std::to_string(minor - first_serial);
  if (major < first_pts || major > last_pts) return {};
  return "/dev/pts/" + std::to_string((major - first_pts) * pts_a_major + minor);
}

}  // namespace vitald::process
