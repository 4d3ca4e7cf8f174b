#pragma once
// The head of a request, read strictly (RFC 9112): what two readers could take differently is refused.
#include "http/status.hpp"

#include <cstddef>
#include <string_view>

namespace vitald::http {

// Views into the text that it was read from.
struct Head {
  Method method = Method::other;
  std::string_view path, query;  // as sent, not decoded; the query without its question mark
  std::string_view host;         // of an absolute target, else of the Host field
  bool http_1_0 = false;
  bool close = false;  // the client wants the connection to end
  bool chunked = false;
  bool has_length = false;
  std::uint64_t length = 0;
  bool wants_continue = false;  // Expect: 100-continue
  bool forwarded = false;       // a proxy says that it stands between
  std::string_view accept, accept_encoding, authorization, if_none_match, last_event_id, origin, content_type;
  std::string_view scrape_timeout;  // X-Prometheus-Scrape-Timeout-Seconds

  bool has_body() const { return chunked || length != 0; }
};

struct HeadLimits {
  std::size_t line = 8 * 1024, head = 32 * 1024;  // of the request's first line, of all; then 414, 431
};

// Looks for the end of the head at the front of `text`, as far as it has come. What can become no head any more is
// refused without waiting for its end. `seen` is kept between calls on the same, growing text; it starts at 0.
struct HeadEnd {
  Status refusal = Status::ok;
  std::size_t size = 0;  // of the whole head with its empty line; 0: there is more to come
};
HeadEnd find_head_end(std::string_view text, std::size_t& seen, const HeadLimits& limits);

// A whole head, as found above. Anything but ok is a refusal, and `out` is not to be used.
Status read_head(std::string_view text, Head& out);

// The path of a text that may be no head at all, so that its refusal has the right form; "" when there is none.
std::string_view guessed_path(std::string_view text);

}  // namespace vitald::http
