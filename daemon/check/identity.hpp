#pragma once
// As whom this process runs, and what the kernel lets it do.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::check {

struct Identity {
  unsigned uid = 0, gid = 0;
  std::string name;  // of the user; empty when /etc/passwd has none
  std::vector<unsigned> groups;
  std::uint64_t capabilities = 0;  // effective, a bit each
  bool no_new_privileges = false;
  bool filtered = false;  // a filter of system calls is on

  bool has(std::string_view capability) const;  // "CAP_SYS_PTRACE"
};

Identity identity_from(std::string_view status);  // the text of /proc/self/status

std::uint64_t known_capabilities();                            // those of this program's table
std::vector<std::string> capability_names(std::uint64_t set);  // one without a name is "CAP_63"

}  // namespace vitald::check
