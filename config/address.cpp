#include "config/address.hpp"

#include "collectors/base/scan.hpp"
#include "config/alike.hpp"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace vitald::config {
namespace {

constexpr std::string_view nowhere = "none";

bool only(std::string_view text, std::string_view others) {
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && others.find(c) == others.npos) return false;
  }
  return true;
}

// ---- the port of TCP
bool is_service_name(std::string_view text) {
  return only(text, "-_.+") && std::ranges::any_of(text, [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
}

bool port_of_service(std::string name, std::uint32_t& port) {
  std::ranges::transform(name, name.begin(), lower);
  servent entry{}, *found = nullptr;
  char texts[4096];
  if (::getservbyname_r(name.c_str(), "tcp", &entry, texts, sizeof texts, &found) != 0 || found == nullptr)
    return false;
  port = ntohs(static_cast<std::uint16_t>(entry.s_port));
  return true;
}

std::string_view read_port(std::string_view text, std::uint32_t& port) {
  std::uint16_t number;
  if (scan::number(text, number)) {
    port = number;
    return {};
  }
  if (!is_service_name(text)) return "the port is not a number from 0 to 65535";
  if (port_of_service(std::string(text), port)) return {};
  return "the port is neither a number from 0 to 65535 nor a service of TCP in /etc/services";
}

// ---- unix:/path?mode=0660&group=NAME
bool read_mode(std::string_view text, unsigned& mode) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 8);
  const bool good = error == std::errc{} && end == text.data() + text.size() && bits <= 0777 && text.front() != '-';
  if (good) mode = bits;
  return good;
}

std::string_view read_socket_settings(std::string_view text, Address& out) {
  while (!text.empty()) {
    auto value = scan::take_until(text, '&');
    const auto name = scan::take_until(value, '=');
    if (name == "mode" ? value.empty() || !read_mode(value, out.mode) : name != "group" || value.empty())
      return "behind the path may stand mode=0660 and group=NAME, as in unix:/run/x.sock?mode=0660&group=adm";
    if (name == "group") out.group = value;
  }
  return {};
}

std::string_view read_unix(std::string_view text, Address& out) {
  Address made;
  made.kind = Address::Kind::unix_socket;
  made.path = scan::take_until(text, '?');
  if (!made.path.starts_with('/')) return "the path of a Unix socket begins with a slash, as in unix:/run/x.sock";
  if (made.path.size() > 107) return "the path of a Unix socket has at most 107 bytes";
  if (made.path.ends_with('/') || made.path.find('\0') != made.path.npos) return "that is no path of a socket";
  const auto fault = read_socket_settings(text, made);
  if (fault.empty()) out = std::move(made);
  return fault;
}

// ---- vsock://[CID]:PORT
std::string_view read_vsock(std::string_view text, Address& out) {
  Address made;
  made.kind = Address::Kind::vsock;
  const auto colon = text.find(':');
  if (colon == text.npos || !scan::number(text.substr(colon + 1), made.port))
    return "vsock is written vsock://:PORT, with a number for the port";
  const auto cid = text.substr(0, colon);
  if (!cid.empty() && !scan::number(cid, made.cid)) return "the context of vsock is a number, as in vsock://3:9100";
  out = std::move(made);
  return {};
}

}  // namespace

std::string_view read_address(std::string_view text, Address& out) {
  constexpr std::string_view vsock = "vsock://", unix_socket = "unix:";
  if (text.starts_with(vsock)) return read_vsock(text.substr(vsock.size()), out);
  if (text.starts_with(unix_socket)) return read_unix(text.substr(unix_socket.size()), out);
  const auto colon = text.rfind(':');
  if (colon == text.npos || text.ends_with(']')) return "the port is missing, as in :9100";
  auto host = text.substr(0, colon);
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (!brackets && host.find(':') != host.npos) return "an IPv6 address stands in brackets, as in [::1]:9100";
  if (brackets) {
    host = host.substr(1, host.size() - 2);
    const bool four = !host.empty() && host.find_first_not_of("0123456789.") == host.npos;  // as Go takes it
    if (!four && (host.find(':') == host.npos || !only(host, ":.%-_"))) return "the brackets do not hold an address";
  } else if (!only(host, ".-_")) {
    return "the host is not a name or an address";
  }
  std::uint32_t port;
  if (const auto fault = read_port(text.substr(colon + 1), port); !fault.empty()) return fault;
  out = {};
  out.host = host;
  out.port = port;
  return {};
}

std::string_view fault_of_address(std::string_view text) {
  Address ignored;
  return read_address(text, ignored);
}

std::string_view fault_of_place(std::string_view text) { return text == nowhere ? "" : fault_of_address(text); }

std::vector<Address> addresses(const std::vector<std::string>& texts) {
  std::vector<Address> all;
  for (const auto& text : texts)
    if (text != nowhere && !read_address(text, all.emplace_back()).empty())
      throw std::invalid_argument(text + " was not checked");
  return all;
}

std::string to_string(const Address& address) {
  const auto port = ":" + std::to_string(address.port);
  if (address.kind == Address::Kind::unix_socket) return "unix:" + address.path;
  if (address.kind == Address::Kind::vsock)
    return "vsock://" + (address.cid == UINT32_MAX ? std::string() : std::to_string(address.cid)) + port;
  return (address.host.find(':') != std::string::npos ? "[" + address.host + "]" : address.host) + port;
}

}  // namespace vitald::config
