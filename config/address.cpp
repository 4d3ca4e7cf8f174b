#include "config/address.hpp"

#include "collectors/base/scan.hpp"

namespace vitald::config {
namespace {

bool only(std::string_view text, std::string_view others) {
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && others.find(c) == others.npos) return false;
  }
  return true;
}

}  // namespace

std::string_view read_address(std::string_view text, Address& out) {
  if (text.starts_with("vsock://")) return "vsock is not supported yet";
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
  std::uint16_t port;
  if (!scan::number(text.substr(colon + 1), port)) return "the port is not a number from 0 to 65535";
  out = {std::string(host), port};
  return {};
}

std::string_view fault_of_address(std::string_view text) {
  Address ignored;
  return read_address(text, ignored);
}

std::string to_string(const Address& address) {
  const bool brackets = address.host.find(':') != std::string::npos;
  const auto host = brackets ? "[" + address.host + "]" : address.host;
  return host + ":" + std::to_string(address.port);
}

}  // namespace vitald::config
