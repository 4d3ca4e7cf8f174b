#pragma once
// What vitald watch is asked for.
#include "daemon/diff/url.hpp"

#include <span>
#include <string>
#include <string_view>

namespace vitald::follow {

struct Arguments {
  diff::Url url;      // of the daemon, without a target
  std::string what;   // a watch's name, or a whole path
  std::string since;  // an event's id; empty: from now on
  bool json = false, help = false;
  std::string fault;  // empty: none
};

std::string_view usage_text();

// `socket`: the daemon's usual one, if it is there; else empty.
Arguments read_arguments(std::span<char* const> words, const std::string& socket);

}  // namespace vitald::follow
