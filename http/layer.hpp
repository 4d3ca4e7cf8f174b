#pragma once
// What may lie between a connection's socket and HTTP: TLS. Nothing here waits: what cannot go on says for what.
#include "http/peer.hpp"

#include <sys/uio.h>

#include <cstddef>
#include <span>

namespace vitald::http {

// What came of trying to move bytes over a connection.
struct Moved {
  enum class Now : std::uint8_t { done, wait_to_read, wait_to_write, ended, failed };
  Now now = Now::failed;
  std::size_t bytes = 0;  // at least one when a read or a write is done
};

// One for each secured connection. Calls are tried again, with the same bytes though perhaps at another place, once the
// socket is as the last answer wants it. Never throws.
class Layer {
 public:
  virtual ~Layer() = default;
  virtual Moved shake_hands(Peer& peer) = 0;  // when done, `peer` knows of the client's certificate
  virtual Moved read(std::span<char> room) = 0;
  virtual Moved write(std::span<const iovec> parts) = 0;  // as much as it likes of the front
  virtual Moved end() = 0;                                // our side: nothing more will be written
};

}  // namespace vitald::http
