// Addresses as Go writes them: as RFC 5952, and IPv4 in IPv6 as IPv4.
#include "collectors/network/ipvs.hpp"

#include <charconv>

namespace vitald::network {
namespace {

void add(Text& out, unsigned number, int base) {
  char digits[8];
  out += std::string_view(digits, std::to_chars(digits, digits + sizeof digits, number, base).ptr);
}

void write_four(const std::uint8_t* bytes, Text& out) {
  for (int i = 0; i < 4; ++i) {
    if (i != 0) out += '.';
    add(out, bytes[i], 10);
  }
}

bool is_mapped(const IpAddress& address) {
  for (std::size_t i = 0; i < 10; ++i)
    if (address.bytes[i] != 0) return false;
  return address.bytes[10] == 0xFF && address.bytes[11] == 0xFF;
}

unsigned group(const IpAddress& address, std::size_t i) {
  return address.bytes[2 * i] * 256u + address.bytes[2 * i + 1];
}

struct Run {
  std::size_t from = 8, length = 1;  // a lone zero is written
};

Run longest_run_of_zeros(const IpAddress& address) {
  Run best;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && group(address, end) == 0) ++end;
    if (end - i > best.length) best = {i, end - i};
    i = end + 1;
  }
  return best;
}

}  // namespace

void write(const IpAddress& address, Text& out) {
  out.clear();
  if (address.length == 4) return write_four(address.bytes.data(), out);
  if (address.length == 0) return;
  if (is_mapped(address)) return write_four(address.bytes.data() + 12, out);
  const auto zeros = longest_run_of_zeros(address);
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == zeros.from) {
      out += "::";
      i += zeros.length;
      if (i == 8) return;
    } else if (i != 0) {
      out += ':';
    }
    add(out, group(address, i), 16);
  }
}

}  // namespace vitald::network
