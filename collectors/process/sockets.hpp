#pragma once
// Sockets as /proc/PID/net tells of them, found by the inodes of a process's descriptors.
#include "collectors/base/process_parts.hpp"
#include "collectors/base/result.hpp"

#include <map>
#include <string_view>

namespace vitald::process {

using SocketNumbers = std::map<std::uint64_t, std::vector<int>>;  // inode -> descriptors

// tcp, tcp6, udp, udp6: those of the sockets that are wanted are appended.
Result<void> parse_inet(std::string_view text, std::string_view file, const SocketNumbers& wanted,
                        std::vector<ProcessPart::Connection>& out);
Result<void> parse_unix(std::string_view text, const SocketNumbers& wanted, std::vector<ProcessPart::Connection>& out);

}  // namespace vitald::process
