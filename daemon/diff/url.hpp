#pragma once
// Where a page is asked for: http://[USER:PASSWORD@]HOST[:PORT][/PATH[?QUERY]], or unix:/SOCKET.
#include <string>
#include <string_view>

namespace vitald::diff {

struct Url {
  std::string host, port = "80", target = "/metrics";
  std::string socket;       // a Unix socket's path, and then there is no host
  std::string credentials;  // "user:password", decoded; empty: none
  std::string shown;        // without them
};

// What is wrong with it; empty when nothing is. A host alone gets http:// and /metrics.
std::string parse_url(std::string_view text, Url& out);

}  // namespace vitald::diff
