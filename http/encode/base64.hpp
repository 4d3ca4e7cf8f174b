#pragma once
// Base64 (RFC 4648), with its padding.
#include <string>
#include <string_view>

namespace vitald::encode {

std::string base64(std::string_view bytes);

}  // namespace vitald::encode
