// The texts of the kernel's load balancer.
#include "collectors/network/ipvs.hpp"

#include "collectors/base/digits.hpp"

#include <algorithm>

namespace vitald::network {
namespace {

constexpr std::size_t most_servers = 65536;

template <class Number>
bool hex_digits(std::string_view word, std::size_t digits, Number& out) {
  return word.size() == digits && scan::hexadecimal(word, out);
}

// "C0A80016" or "[2001:0db8:0000:0000:0000:0000:0000:0001]"
bool parse_address(std::string_view word, IpAddress& out) {
  out = {};
  if (std::uint32_t whole = 0; hex_digits(word, 8, whole)) {
    for (int i = 0; i < 4; ++i)
      out.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(whole >> (24 - 8 * i));
    out.length = 4;
    return true;
  }
  if (!word.starts_with('[') || !word.ends_with(']')) return false;
  word = word.substr(1, word.size() - 2);
  for (std::size_t i = 0; i < 16; i += 2) {
    std::uint16_t group = 0;
    if (!hex_digits(scan::take_until(word, ':'), 4, group)) return false;
    out.bytes[i] = static_cast<std::uint8_t>(group >> 8);
    out.bytes[i + 1] = static_cast<std::uint8_t>(group);
  }
  out.length = 16;
  return word.empty();
}

bool parse_endpoint(std::string_view word, Endpoint& out) {
  const auto colon = word.rfind(':');
  return colon != word.npos && parse_address(word.substr(0, colon), out.address) &&
         hex_digits(word.substr(colon + 1), 4, out.port);
}

// "TCP  C0A80016:0CEA wlc", "FWM  0000000A wlc"; how it is scheduled is not told of.
bool parse_service(std::string_view protocol, std::string_view rest, Server& out) {
  out = {};
  if (!scan::plain(protocol) || protocol.size() > out.protocol.size()) return false;
  std::ranges::copy(protocol, out.protocol.begin());
  const auto word = scan::take_word(rest);
  out.marked = protocol == "FWM";
  return out.marked ? hex_digits(word, 8, out.mark) : parse_endpoint(word, out.local);
}

// "C0A85216:0CEA      Tunnel  100    248        2"
bool parse_server(std::string_view rest, Load& out) {
  if (!parse_endpoint(scan::take_word(rest), out.server.remote)) return false;
  scan::take_word(rest);
  return scan::numbers(rest, out.weight, out.active, out.inactive) && scan::take_word(rest).empty();
}

constexpr std::string_view headings[] = {"IP", "Prot", "->"};

}  // namespace

// ---- parse: text -> rows

Result<void> parse_ip_vs(std::string_view text, std::vector<Load>& out) {
  constexpr std::string_view source = "net/ip_vs";
  Load row;
  bool service = false;
  std::size_t line = 1;
  for (; !text.empty(); ++line) {
    std::string_view rest;
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, line};
    const auto word = scan::take_word(rest);
    if (line <= std::size(headings)) {
      if (word != headings[line - 1]) return Fault{Parse::unknown_layout, source, line};
    } else if (word != "->") {
      service = parse_service(word, rest, row.server);
      if (!service) return Fault{Parse::unknown_layout, source, line};
    } else {
      if (!service || !parse_server(rest, row)) return Fault{Parse::unknown_layout, source, line};
      if (out.size() >= most_servers) return Fault{Parse::too_large, source, line};
      out.push_back(row);
    }
  }
  if (line <= std::size(headings)) return Fault{Parse::truncated, source, line};
  return {};
}

Result<void> parse_ip_vs_stats(std::string_view text, Sheet<IpvsTotals>& out) {
  constexpr std::string_view source = "net/ip_vs_stats";
  if (!text.ends_with('\n')) return Fault{Parse::truncated, source};
  auto line = scan::take_line(text);
  if (scan::take_word(line) != "Total") return Fault{Parse::unknown_layout, source, 1};
  line = scan::take_line(text);
  if (scan::take_word(line) != "Conns") return Fault{Parse::unknown_layout, source, 2};
  line = scan::take_line(text);
  IpvsTotals row;
  for (auto* to :
       {&row.connections, &row.incoming_packets, &row.outgoing_packets, &row.incoming_bytes, &row.outgoing_bytes})
    if (!scan::hexadecimal(scan::take_word(line), *to)) return Fault{Parse::not_a_number, source, 3};
  if (!scan::take_word(line).empty()) return Fault{Parse::unknown_layout, source, 3};
  out.next() = row;
  return {};
}

}  // namespace vitald::network
