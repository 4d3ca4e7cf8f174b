#pragma once
// Netlink messages, byte by byte as the kernel would send them.
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace vitald::test {

template <class T>
std::string bytes(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

inline std::string padded(std::string text) {
  text.resize((text.size() + 3) & ~std::size_t{3}, '\0');
  return text;
}

inline std::string message(std::uint16_t type, std::string_view body, std::uint32_t sequence,
                           std::uint16_t flags = NLM_F_MULTI) {
  const nlmsghdr header{static_cast<std::uint32_t>(sizeof header + body.size()), type, flags, sequence, 0};
  return padded(bytes(header).append(body));
}

inline std::string attribute(int type, std::string_view value) {
  const rtattr header{static_cast<unsigned short>(sizeof header + value.size()), static_cast<unsigned short>(type)};
  return padded(bytes(header).append(value));
}

// The body of an RTM_NEWLINK message.
inline std::string link_message(std::string_view name, std::string_view attributes) {
  std::string text(name);
  text.push_back('\0');
  return bytes(ifinfomsg{}) + attribute(IFLA_IFNAME, text).append(attributes);
}

}  // namespace vitald::test
