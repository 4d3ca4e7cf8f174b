#pragma once
// Of each connection, in bytes and in time.
#include "http/head.hpp"
#include "http/roster.hpp"

namespace vitald::http {

struct Limits {
  using ms = std::chrono::milliseconds;
  std::size_t connections = 16'384;         // one more sheds the one that has been idle longest
  std::size_t connections_per_address = 0;  // by TCP; one more is closed; 0: no limit
  HeadLimits text;
  std::size_t body_bytes = 64 * 1024;  // of a request; then 413
  // From the connection to the first whole head; from a later head's first byte to its last; from a head to the last
  // byte of its body; between two requests; for
  // a reply to be taken; for the client's end after a reply that ends the connection. Who exceeds one is closed
  // without a reply.
  ms handshake{10'000}, first_head{10'000}, head_rest{10'000}, body{10'000}, idle{300'000}, write{30'000},
      linger{2'000};
  std::size_t streams = 256;     // that clients listen to at the same time; one more gets a 503
  ms heartbeat{15'000};          // of a stream on which nothing happens
  ms collector_deadline{5'000};  // how long collectors are waited for; a scraper may say less

  Roster<int>::Times times() const {  // as Phase counts; work ends by itself
    return {handshake, first_head, head_rest, body, collector_deadline + write, write, linger, idle, heartbeat};
  }
};

}  // namespace vitald::http
