#include "http/access.hpp"

#include "http/head.hpp"
#include "http/word.hpp"

namespace vitald::http {
namespace {

// "[::1]:80" -> "[::1]", "a.b:80" -> "a.b"
std::string_view without_port(std::string_view host) {
  return host.substr(0, host.starts_with('[') ? std::min(host.find(']'), host.size() - 1) + 1 : host.find(':'));
}

bool is_ipv4(std::string_view host) { return !host.empty() && host.find_first_not_of("0123456789.") == host.npos; }

bool is_listed(std::string_view host, const Policy& policy) {
  host = without_port(host);
  if (host.empty() || host.starts_with('[') || is_ipv4(host) || same_word(host, "localhost")) return true;
  return std::ranges::any_of(policy.hosts, [&](const auto& each) { return same_word(host, each); });
}

// A page of another site makes the browser say whose it is; "null" hides it.
bool from_another_site(const Head& head) {
  if (head.origin.empty()) return false;
  const auto at = head.origin.find("://");
  return at == head.origin.npos || !same_word(head.origin.substr(at + 3), head.host);
}

// nginx passes requests on by HTTP/1.0, with its own idea of Host and no word of itself, unless it is told otherwise;
// who sits at this host does not speak 1.0.
bool is_passed_on(const Head& head) { return head.forwarded || head.http_1_0; }

// Nobody stands between.
bool is_local(const Peer& peer, const Head& head) {
  return peer.loopback && !is_passed_on(head) && is_loopback_host(head.host) && !from_another_site(head);
}

bool is_safe(Method method) { return method == Method::get || method == Method::head || method == Method::options; }

constexpr std::string_view for_host =
    "this shows more than the metrics: ask through the Unix socket (curl --unix-socket), or from this host itself "
    "without a proxy (http://localhost), or with a password (--web.config.file)";
constexpr std::string_view for_private =
    "this is for root, the daemon's user and the group vitald, through the Unix socket (curl --unix-socket), or for "
    "those with a password (--web.config.file)";

}  // namespace

bool is_loopback_host(std::string_view host) {
  const auto name = without_port(host);
  return same_word(name, "localhost") || name == "[::1]" || (is_ipv4(name) && name.starts_with("127."));
}

Class granted(const Peer& peer, const Head& head, bool authenticated, bool passwords, const Policy& policy) {
  if (authenticated || peer.certified) return Class::private_;
  // A proxy must not lend strangers its user, who is often root.
  if (peer.kind == Peer::Kind::unix_socket && !is_passed_on(head)) return peer.trusted ? Class::private_ : Class::host;
  if (passwords) return Class::health;
  return policy.trusts_loopback && is_local(peer, head) ? Class::host : Class::open;
}

Verdict judge(Class needed, Class granted, const Peer& peer, const Head& head, const Policy& policy) {
  const bool by_socket = peer.kind == Peer::Kind::unix_socket;
  if (needed != Class::health && !by_socket && !policy.hosts.empty() && !is_listed(head.host, policy))
    return {Status::misdirected, "this host goes by another name here: see --web.host"};
  if (!is_safe(head.method) && from_another_site(head))
    return {Status::forbidden, "a page of another site may not do this"};
  if (needed <= granted) return {};
  if (granted == Class::health) return {Status::unauthorized, "a user's name and password are needed"};
  return {Status::forbidden, needed == Class::host ? for_host : for_private};
}

}  // namespace vitald::http
