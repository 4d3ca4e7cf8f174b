#pragma once
// Who may see what: the one place that decides, without I/O.
#include "http/peer.hpp"
#include "http/status.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vitald::http {

struct Head;

// Of what a resource shows; each is wider than the one before.
enum class Class : std::uint8_t {
  health,    // for everyone, always
  open,      // what /metrics shows: for everyone, unless passwords are configured
  host,      // for this host's users, and whoever has authenticated
  private_,  // for root, the daemon's user, its group, and whoever has authenticated
};

struct Policy {
  bool trusts_loopback = true;     // --web.trust-loopback
  std::vector<std::string> hosts;  // --web.host; not empty: names that a request may be for, beside addresses
};

// The widest class that this request may see. With `passwords`, TCP needs one for all but health.
Class granted(const Peer& peer, const Head& head, bool authenticated, bool passwords, const Policy& policy);

// Why a request that may see `granted` does not get a resource of class `needed`, with what would help; or ok.
struct Verdict {
  Status code = Status::ok;
  std::string_view why;
};
Verdict judge(Class needed, Class granted, const Peer& peer, const Head& head, const Policy& policy);

bool is_loopback_host(std::string_view host);  // "localhost:9100", "127.0.0.1", "[::1]:80"

}  // namespace vitald::http
