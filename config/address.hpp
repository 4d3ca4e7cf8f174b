#pragma once
// Where to listen: ":9100", "127.0.0.1:9100", "[::1]:9100", "localhost:9100".
#include <cstdint>
#include <string>
#include <string_view>

namespace vitald::config {

struct Address {
  std::string host;  // empty: every address of this host; without the brackets of IPv6
  std::uint16_t port = 0;
  bool operator==(const Address&) const = default;
};

// Fills the address; empty, or what is wrong with the text (then `out` is left alone).
std::string_view read_address(std::string_view text, Address& out);
std::string_view fault_of_address(std::string_view text);
std::string to_string(const Address& address);

}  // namespace vitald::config
