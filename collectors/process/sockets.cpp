#include "collectors/process/sockets.hpp"

#include "collectors/base/scan.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstring>

namespace vitald::process {
namespace {

using Connection = ProcessPart::Connection;

bool hexadecimal(std::string_view word, std::uint32_t& out) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out, 16);
  return error == std::errc{} && end == word.data() + word.size() && !word.empty();
}

// "0100007F:0016": words of 32 bits in the host's order, each as the network has it.
bool parse_address(std::string_view word, std::string& address, std::optional<std::uint32_t>& port) {
  const auto digits = scan::take_until(word, ':');
  std::uint32_t number = 0;
  if ((digits.size() != 8 && digits.size() != 32) || !hexadecimal(word, number)) return false;
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i * 8 < digits.size(); ++i)
    if (!hexadecimal(digits.substr(i * 8, 8), words[i])) return false;
  char text[INET6_ADDRSTRLEN] = {};
  if (!::inet_ntop(digits.size() == 8 ? AF_INET : AF_INET6, words.data(), text, sizeof text)) return false;
  address = text;
  if (number != 0) port = number;
  return true;
}

// Of <linux/tcp_states.h>
std::string_view tcp_state(std::uint32_t state) {
  constexpr std::string_view names[] = {"",          "ESTABLISHED", "SYN_SENT",    "SYN_RECV",   "FIN_WAIT1",
                                        "FIN_WAIT2", "TIME_WAIT",   "CLOSE",       "CLOSE_WAIT", "LAST_ACK",
                                        "LISTEN",    "CLOSING",     "NEW_SYN_RECV"};
  return state < std::size(names) ? names[state] : std::string_view{};
}

std::string_view unix_type(std::uint32_t type) {
  if (type == 1) return "stream";
  if (type == 2) return "datagram";
  return type == 5 ? "seqpacket" : "";
}

void append(Connection& found, const std::vector<int>& numbers, std::vector<Connection>& out) {
  for (const int number : numbers) {
    found.number = number;
    out.push_back(found);
  }
}

bool parse_line(std::string_view line, bool tcp, Connection& out) {
  scan::take_word(line);  // its place
  const auto local = scan::take_word(line), remote = scan::take_word(line);
  std::uint32_t state = 0;
  if (!parse_address(local, out.local, out.local_port) || !parse_address(remote, out.remote, out.remote_port))
    return false;
  if (!hexadecimal(scan::take_word(line), state)) return false;
  if (!out.remote_port) out.remote.clear();
  out.state = tcp ? tcp_state(state) : std::string_view{};
  for (int word = 0; word < 5; ++word) scan::take_word(line);
  return scan::numbers(line, out.inode);
}

}  // namespace

Result<void> parse_inet(std::string_view text, std::string_view file, const SocketNumbers& wanted,
                        std::vector<Connection>& out) {
  std::string_view line;
  if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, file};
  const bool tcp = file.starts_with("tcp");
  for (std::size_t number = 2; !text.empty(); ++number) {
    if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, file, number};
    Connection found;
    found.family = file.ends_with('6') ? "ipv6" : "ipv4";
    found.type = tcp ? "tcp" : "udp";
    if (!parse_line(line, tcp, found)) return Fault{Parse::not_a_number, file, number};
    if (const auto at = wanted.find(found.inode); at != wanted.end()) append(found, at->second, out);
  }
  return {};
}

// "Num RefCount Protocol Flags Type St Inode Path"
Result<void> parse_unix(std::string_view text, const SocketNumbers& wanted, std::vector<Connection>& out) {
  std::string_view line;
  if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, "unix"};
  for (std::size_t number = 2; !text.empty(); ++number) {
    if (!scan::take_whole_line(text, line)) {
      if (out.empty() && text.empty()) return Fault{Parse::truncated, "unix", number};
      return {};  // a path may hold a newline
    }
    Connection found;
    found.family = "unix";
    std::uint32_t flags = 0, type = 0;
    for (int word = 0; word < 3; ++word) scan::take_word(line);
    if (!hexadecimal(scan::take_word(line), flags) || !hexadecimal(scan::take_word(line), type)) continue;
    scan::take_word(line);
    if (!scan::numbers(line, found.inode)) continue;
    constexpr std::uint32_t listens = 1 << 16;
    found.type = unix_type(type);
    found.state = (flags & listens) != 0 ? "LISTEN" : "";
    found.local = scan::trimmed(line);
    if (const auto at = wanted.find(found.inode); at != wanted.end()) append(found, at->second, out);
  }
  return {};
}

}  // namespace vitald::process
