#pragma once
// What the web configuration file adds: certificates, passwords, a rate. HTTP asks; who knows that file answers.
#include "http/layer.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace vitald::http {

// The loop's thread only.
class Gate {
 public:
  enum class Answer : std::uint8_t { yes, no, later, busy };  // busy: too much is being checked; 503

  virtual ~Gate() = default;
  // For a connection by TCP or vsock that was just accepted; null: it stays plain.
  virtual std::unique_ptr<Layer> layer_for(int socket) = 0;
  // Whether TCP needs a user's password (or a certificate that Peer::certified tells of) for all but health.
  virtual bool authenticates() const = 0;
  // Whether an Authorization field's value holds good. `later`: `done` is called on the loop, with another answer, and
  // not before this returns; otherwise it is never called.
  virtual Answer check(std::string_view authorization, const Peer& peer, std::function<void(Answer)> done) = 0;
  // Whether the rate lets one more request in; false: 429.
  virtual bool admits() = 0;
};

}  // namespace vitald::http
