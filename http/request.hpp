#pragma once
// What a handler sees of a request. The views are good while the handler runs.
#include "http/access.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitald::http {

struct Request {
  Method method = Method::get;
  std::string_view path;   // decoded once
  std::string_view query;  // as it was sent, without its question mark
  std::string_view tail;   // what stood in the place of "*"
  std::string_view accept, accept_encoding;
  std::string_view scrape_timeout;      // X-Prometheus-Scrape-Timeout-Seconds, as it was sent; empty: none
  std::string_view content_type, body;  // as they were sent; of a route that takes one
  std::string_view last_event_id;
  Class granted = Class::open;     // the widest class that it may see; the route's own is never wider
  std::uint32_t uid = UINT32_MAX;  // who asks, by Unix socket
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

// The query's parameters in order, percent-decoded once; nothing when an escape is broken.
std::optional<Parameters> parameters(std::string_view query);

// Percent-decoding of a path or of a query's part; nothing when an escape is broken.
std::optional<std::string> decoded(std::string_view text, bool plus_is_space);

}  // namespace vitald::http
