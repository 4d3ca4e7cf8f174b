#pragma once
// A watch's events as a stream: nothing is left out for who is slow, and who was too slow is told so.
#include "http/watches.hpp"

namespace vitald::http {

// Where a client wants to go on.
struct WatchPlace {
  std::uint64_t after = 0;
  std::string_view reset;  // why it cannot go on where it was; empty: it can
};

// By "<boot>-<name>-<number>", or by a number alone. False: it is neither.
bool read_watch_place(std::string_view text, const Watches& watches, std::string_view name, WatchPlace& out);

std::unique_ptr<Subscription> follow_watch(Watches& watches, std::string name, WatchPlace place, Listener& listener);

}  // namespace vitald::http
