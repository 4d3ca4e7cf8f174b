#pragma once
// How many connections each address has, where that is limited.
#include "http/peer.hpp"

#include <map>

namespace vitald::http {

class Crowd {
 public:
  // Whether one more of the peer's address may come in; then it is counted. Only TCP has addresses.
  bool enter(const Peer& peer, std::size_t most) {
    if (peer.kind != Peer::Kind::tcp) return true;
    auto& here = by_address_[peer.address];
    if (here == most) return false;
    ++here;
    return true;
  }
  void leave(const Peer& peer) {
    const auto at = by_address_.find(peer.address);
    if (peer.kind == Peer::Kind::tcp && at != by_address_.end() && --at->second == 0) by_address_.erase(at);
  }
  std::size_t addresses() const { return by_address_.size(); }

 private:
  std::map<std::array<std::uint8_t, 16>, std::size_t> by_address_;
};

}  // namespace vitald::http
