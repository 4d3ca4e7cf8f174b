#pragma once
// The exporters' web configuration file (--web.config.file): TLS, passwords, fields of the replies, a rate.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitald::config {

struct WebConfig {
  enum class ClientAuth : std::uint8_t { none, request, require_any, verify_if_given, require_and_verify };
  enum class Version : std::uint8_t { tls12, tls13 };

  // A text in PEM: in a file of its own, or in place.
  struct Pem {
    std::string file, text;  // at most one is not empty
    std::size_t line = 0;
  };
  struct Tls {
    Pem cert, key, client_ca;
    ClientAuth client_auth = ClientAuth::none;
    std::optional<std::vector<std::string>> client_allowed_sans;
    Version min_version = Version::tls12, max_version = Version::tls13;
    std::vector<std::string> cipher_suites, curves;  // by OpenSSL's names; empty: the usual
    bool prefer_server_cipher_suites = true;
  };
  struct Rate {
    std::chrono::nanoseconds interval{};
    std::uint32_t burst = 0;
    bool on() const { return interval.count() > 0 && burst > 0; }
  };
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  std::optional<Tls> tls;
  Pairs users;    // name, bcrypt hash
  Pairs headers;  // name, value
  Rate rate;
};

struct WebConfigText {
  struct Fault {
    std::size_t line;
    std::string text;  // names the key, and never shows a secret
  };
  WebConfig config;  // whole when there are no faults
  std::vector<Fault> faults;
  std::vector<std::string> remarks;  // what is understood and has no effect
};

// Keys that are not known are faults, and so are values that the exporters would refuse. Opens no file.
WebConfigText read_web_config(std::string_view yaml);

}  // namespace vitald::config
