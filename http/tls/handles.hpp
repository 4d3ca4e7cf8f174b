#pragma once
// What OpenSSL made, and who gives it back.
#include "http/tls/openssl.hpp"

#include <memory>
#include <string_view>

namespace vitald::http::tls {

struct GivesBack {
  const OpenSsl* ssl;
  void operator()(BIO* memory) const { ssl->memory_free(memory); }
};

inline std::unique_ptr<BIO, GivesBack> memory_of(const OpenSsl& ssl, std::string_view text) {
  return {ssl.memory(text.data(), static_cast<int>(text.size())), {&ssl}};
}

// The newest fault on the thread's list, in words.
inline std::string last_reason(const OpenSsl& ssl) {
  const char* const said = ssl.reason(ssl.last_error());
  ssl.clear_errors();
  return said ? said : "unknown fault";
}

}  // namespace vitald::http::tls
