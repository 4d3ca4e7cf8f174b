#include "http/auth/basic.hpp"

#include "collectors/base/scan.hpp"

#include <nettle/base64.h>

#include <algorithm>

namespace vitald::http {

bool Basic::read(std::string_view authorization) {
  const auto scheme = scan::take_word(authorization);
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  if (!std::ranges::equal(scheme, std::string_view("basic"), same)) return false;
  const auto text = scan::trimmed(authorization);
  if (text.empty() || BASE64_DECODE_LENGTH(text.size()) > bytes_.size()) return false;
  base64_decode_ctx context;
  ::nettle_base64_decode_init(&context);
  std::size_t size = bytes_.size();
  if (::nettle_base64_decode_update(&context, &size, bytes_.data(), text.size(), text.data()) != 1 ||
      ::nettle_base64_decode_final(&context) != 1)
    return false;
  const std::string_view both(reinterpret_cast<const char*>(bytes_.data()), size);
  const auto colon = both.find(':');
  if (colon == both.npos) return false;
  user_ = both.substr(0, colon);
  password_ = both.substr(colon + 1);
  return true;
}

}  // namespace vitald::http
