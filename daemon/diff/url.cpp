#include "daemon/diff/url.hpp"

#include "collectors/base/scan.hpp"
#include "http/request.hpp"

#include <algorithm>

namespace vitald::diff {
namespace {

std::string quoted(std::string_view text) { return std::string("\"").append(text).append("\""); }

bool plain(std::string_view text) {  // nothing that would end a line of the request, or a word of it
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  return scan::number(text, port);
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return made;
}

// "host:9100", "[::1]:9100"
bool take_address(std::string_view text, Url& out) {
  auto port = std::string_view{};
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return false;
    out.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    out.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (!port.empty()) {
    if (!is_port(port.substr(1)) || port.front() != ':') return false;
    out.port = port.substr(1);
  }
  return !out.host.empty();
}

}  // namespace

std::string parse_url(std::string_view text, Url& out) {
  out = {};
  if (!plain(text)) return "the URL holds blanks or control characters";
  if (text.starts_with("unix:/")) {
    out.socket = text.substr(5);
    out.host = "localhost";
    out.shown = text;
    return out.socket.size() < 108 ? "" : "the path is too long for a socket";
  }
  auto rest = text;
  if (const auto scheme = rest.find("://"); scheme != rest.npos) {
    const auto given = lower(rest.substr(0, scheme));
    if (given == "https") return "https is not in this build: ask over http, or through a tunnel";
    if (given != "http") return "the URL must begin with http:// or unix:/, not with " + quoted(given + "://");
    rest.remove_prefix(scheme + 3);
  }
  rest = rest.substr(0, rest.find('#'));
  const auto path = std::min(rest.find_first_of("/?"), rest.size());
  auto address = rest.substr(0, path);
  if (rest.substr(path).size() > 1) out.target = rest.substr(path);
  if (out.target.starts_with('?')) out.target.insert(0, "/metrics");
  if (const auto at = address.rfind('@'); at != address.npos) {
    const auto decoded = http::decoded(address.substr(0, at), false);
    if (!decoded) return "the user's name or password has a broken percent escape";
    out.credentials = *decoded;
    if (out.credentials.find(':') == std::string::npos) out.credentials += ':';
    address.remove_prefix(at + 1);
  }
  if (!take_address(address, out)) return "no host, or no number for a port: " + quoted(address);
  out.shown = std::string("http://").append(address).append(out.target);
  return {};
}

}  // namespace vitald::diff
