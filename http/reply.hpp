#pragma once
// What a handler answers: a status and bytes that many connections may be sending at once.
#include "http/status.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::http {

// Bytes with whatever keeps them alive.
struct Fragment {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
};

struct Body {
  std::vector<Fragment> parts;
  std::size_t size = 0;
  void add(Fragment fragment) {
    size += fragment.bytes.size();
    parts.push_back(std::move(fragment));
  }
};

struct Reply {
  Status code = Status::ok;
  std::string_view type;  // a literal
  std::shared_ptr<const Body> body;
  std::string_view encoding;  // Content-Encoding; empty: none
  std::string allow;          // of a 405
  std::string fields;         // more of the head: "Retry-After: 5\r\n"
  bool negotiated = false;    // the body depends on Accept and Accept-Encoding
};

Reply text(Status code, std::string_view type, std::string body);
Reply plain(Status code, std::string_view line);      // "not found\n" as text/plain
Reply problem(Status code, std::string_view detail);  // RFC 9457
// The same, with the parameter that is wrong and what would be right; either may be empty.
Reply problem(Status code, std::string_view detail, std::string_view parameter,
              std::span<const std::string_view> allowed);
Reply error(std::string_view path, Status code, std::string_view detail);  // problem under /api, plain elsewhere

}  // namespace vitald::http
