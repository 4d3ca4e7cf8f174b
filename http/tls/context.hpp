#pragma once
// What all TLS connections have in common: certificate, key, who may come, which versions and ciphers.
#include "http/layer.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vitald::http::tls {

enum class ClientCertificate : std::uint8_t { unwanted, asked_for, required, verified_if_given, verified };

struct Settings {
  std::string certificate, key, client_authorities;  // in PEM; the certificate with its chain behind it
  ClientCertificate client = ClientCertificate::unwanted;
  std::optional<std::vector<std::string>> client_names;  // one of which a client's certificate must carry
  bool tls12 = true, tls13 = true;
  std::string ciphers;  // of TLS 1.2, by OpenSSL's names and colons; empty: the usual
  std::string groups;   // the same of curves
  bool servers_order = true;
};

struct Fault {
  enum class Part : std::uint8_t { library, certificate, key, client_authorities, ciphers, groups } part{};
  std::string why;
};

// Made by any thread, one at a time; used by the loop's alone. Kept by its connections.
class Context {
 public:
  virtual ~Context() = default;
  // For a socket that never blocks, and stays the caller's.
  virtual std::unique_ptr<Layer> layer_for(int socket) const = 0;
};

// Null, and why, when the settings are no good.
std::shared_ptr<const Context> make_context(const Settings& settings, Fault& fault);

}  // namespace vitald::http::tls
