#pragma once
// Where to listen: ":9100", "127.0.0.1:9100", "[::1]:9100", "localhost:9100"; "unix:/run/x.sock?mode=0660&group=adm";
// "vsock://:9100", "vsock://3:9100". TCP's port may be a name of /etc/services: ":http-alt".
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::config {

struct Address {
  enum class Kind : std::uint8_t { tcp, unix_socket, vsock };
  std::string host = {};   // empty: every address of this host; without the brackets of IPv6
  std::uint32_t port = 0;  // vsock has room for more than 65535
  Kind kind = Kind::tcp;
  std::string path = {}, group = {};  // of a Unix socket; group empty: the daemon's
  unsigned mode = 0666;               // anybody may connect; who it is decides what is shown
  std::uint32_t cid = UINT32_MAX;     // of vsock; all bits: any
  bool operator==(const Address&) const = default;
};

// Fills the address; empty, or what is wrong with the text (then `out` is left alone).
std::string_view read_address(std::string_view text, Address& out);
std::string_view fault_of_address(std::string_view text);
std::string_view fault_of_place(std::string_view text);                 // "none" is one, too: nowhere
std::vector<Address> addresses(const std::vector<std::string>& texts);  // that were checked
std::string to_string(const Address& address);

}  // namespace vitald::config
