#pragma once
// The daemon's own process: the standard process_* families of Prometheus's client libraries.
#include "collectors/base/collector.hpp"

#include <optional>

namespace vitald {

// Reads /proc/self of the running system, whatever the roots are. Shares its reading of /proc/net/netstat with the
// collector of that name.
std::unique_ptr<Collector> make_self_process(Sources& sources);

// The network's bytes in a text as of /proc/net/netstat; none where it does not tell.
struct OwnTraffic {
  std::optional<std::uint64_t> received, sent;
};
OwnTraffic parse_own_traffic(std::string_view text);

const Layout& self_process_layout();  // for the tests and the handbook

}  // namespace vitald
