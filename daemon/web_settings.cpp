#include "daemon/web_settings.hpp"

#include "http/descriptors.hpp"

#include <algorithm>

namespace vitald {
namespace {

http::Peer::Kind kind_of(config::Address::Kind kind) {
  switch (kind) {
    case config::Address::Kind::tcp: return http::Peer::Kind::tcp;
    case config::Address::Kind::unix_socket: return http::Peer::Kind::unix_socket;
    case config::Address::Kind::vsock: return http::Peer::Kind::vsock;
  }
  return http::Peer::Kind::tcp;
}

}  // namespace

http::Limits limits_for(const config::WebSettings& web) {
  const auto ms = [](std::chrono::nanoseconds time) { return std::chrono::ceil<std::chrono::milliseconds>(time); };
  http::Limits limits;
  limits.connections = std::min(web.connections, http::connections_for(http::descriptor_limit()));
  limits.connections_per_address = web.connections_per_address;
  limits.text = {web.line_bytes, web.head_bytes};
  limits.handshake = ms(web.handshake);
  limits.first_head = limits.head_rest = ms(web.head);
  limits.body_bytes = web.body_bytes;
  limits.body = ms(web.body);
  limits.streams = web.streams;
  limits.idle = ms(web.idle);
  limits.write = ms(web.write);
  return limits;
}

http::Policy policy_for(const config::WebSettings& web) { return {web.trusts_loopback, web.hosts}; }

http::Place place_for(const config::Address& address) {
  return {kind_of(address.kind), address.host, address.port, address.path, address.group, address.mode, address.cid};
}

http::Place default_socket() {
  http::Place place;
  place.kind = http::Peer::Kind::unix_socket;
  place.path = "/run/vitald/vitald.sock";
  return place;
}

}  // namespace vitald
