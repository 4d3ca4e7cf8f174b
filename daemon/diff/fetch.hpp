#pragma once
// Requests over HTTP, bounded in size and time.
#include "daemon/diff/url.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitald::diff {

struct Fetched {
  std::string body;
  std::string fault;    // why it is not what was asked for; empty: it is
  unsigned status = 0;  // 0: there was no answer
};

constexpr std::size_t most_of_a_page = std::size_t{64} << 20;

Fetched fetch(const Url& url, std::chrono::milliseconds patience = std::chrono::seconds(10),
              std::size_t most = most_of_a_page);

struct Question {
  std::string_view method = "GET";
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
};
Fetched ask(const Url& url, const Question& question, std::chrono::milliseconds patience);

// Gives an answer away as it comes, until it ends, there is nothing for so long, or `goes_on` says no, which is asked
// now and then. Of any other answer than a 200 the body is in what is returned.
struct Following {
  std::function<void(std::string_view)> take;
  std::function<bool()> goes_on;
};
Fetched follow(const Url& url, const Question& question, const Following& following,
               std::chrono::milliseconds patience);

}  // namespace vitald::diff
