#pragma once
// One TLS connection, between its socket and HTTP.
#include "http/layer.hpp"
#include "http/tls/openssl.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vitald::http::tls {

// What the connections of a context share.
struct Shared {
  const OpenSsl& ssl;
  SSL_CTX* context = nullptr;
  bool verifies = false;                                 // a client's certificate that came is one that was verified
  std::optional<std::vector<std::string>> client_names;  // one of which a client's certificate must carry
  mutable std::array<char, 16 * 1024> record{};          // what is to be written is put together here

  explicit Shared(const OpenSsl& library) : ssl(library) {}
  ~Shared() { ssl.context_free(context); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
};

std::unique_ptr<Layer> make_connection(std::shared_ptr<const Shared> shared, int socket);

}  // namespace vitald::http::tls
