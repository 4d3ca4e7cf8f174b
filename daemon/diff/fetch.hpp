#pragma once
// One GET over HTTP, bounded in size and time.
#include "daemon/diff/url.hpp"

#include <chrono>
#include <string>

namespace vitald::diff {

struct Fetched {
  std::string body;
  std::string fault;    // why it is not what was asked for; empty: it is
  unsigned status = 0;  // 0: there was no answer
};

constexpr std::size_t most_of_a_page = std::size_t{64} << 20;

Fetched fetch(const Url& url, std::chrono::milliseconds patience = std::chrono::seconds(10),
              std::size_t most = most_of_a_page);

}  // namespace vitald::diff
