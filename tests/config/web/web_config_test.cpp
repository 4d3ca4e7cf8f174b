#include "config/web/web_config.hpp"

#include <doctest/doctest.h>

namespace web_config_test {

using namespace vitald::config;

namespace {

constexpr const char* hash = "$2y$10$KMnVNpGcM3jOPHvdJhSDXuu8XkHTqIoLTpZxfjyuYdN5nDVuG5pKi";

std::string faults_of(std::string_view yaml) {
  std::string all;
  for (const auto& fault : read_web_config(yaml).faults) all += std::to_string(fault.line) + ": " + fault.text + "\n";
  return all;
}

WebConfig config_of(std::string_view yaml) {
  auto read = read_web_config(yaml);
  for (const auto& fault : read.faults) FAIL_CHECK(fault.line << ": " << fault.text);
  return std::move(read.config);
}

std::string tls(std::string_view more) {
  return std::string("tls_server_config:\n  cert_file: a.pem\n  key_file: b.pem\n").append(more);
}

}  // namespace

TEST_SUITE("config/web_config") {
  TEST_CASE("the exporters' own example, with every key") {
    const auto config = config_of(tls("  client_auth_type: RequireAndVerifyClientCert\n"
                                      "  client_ca_file: ca.pem\n"
                                      "  client_allowed_sans: [a.example, 10.0.0.1]\n"
                                      "  min_version: TLS13\n  max_version: TLS13\n"
                                      "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "
                                      "TLS_AES_128_GCM_SHA256]\n"
                                      "  prefer_server_cipher_suites: no\n"
                                      "  curve_preferences: [CurveP256, X25519]\n"
                                      "http_server_config:\n  http2: false\n  headers:\n"
                                      "    Strict-Transport-Security: max-age=31536000\n    "
                                      "X-Frame-Options: \"\"\n"
                                      "basic_auth_users:\n  al.ice: ") +
                                  hash + "\nrate_limit:\n  interval: 1s\n  burst: 20\n");
    REQUIRE(config.tls);
    CHECK(config.tls->cert.file == "a.pem");
    CHECK(config.tls->cert.line == 2);
    CHECK(config.tls->key.file == "b.pem");
    CHECK(config.tls->client_ca.file == "ca.pem");
    CHECK(config.tls->client_auth == WebConfig::ClientAuth::require_and_verify);
    CHECK(*config.tls->client_allowed_sans == std::vector<std::string>{"a.example", "10.0.0.1"});
    CHECK(config.tls->min_version == WebConfig::Version::tls13);
    CHECK(config.tls->cipher_suites == std::vector<std::string>{"ECDHE-RSA-AES128-GCM-SHA256"});
    CHECK(config.tls->curves == std::vector<std::string>{"P-256", "X25519"});
    CHECK_FALSE(config.tls->prefer_server_cipher_suites);
    CHECK(config.headers == WebConfig::Pairs{{"Strict-Transport-Security", "max-age=31536000"}});
    CHECK(config.users == WebConfig::Pairs{{"al.ice", hash}});
    CHECK(config.rate.interval == std::chrono::seconds(1));
    CHECK(config.rate.burst == 20);
  }

  TEST_CASE("nothing asks for nothing") {
    for (const char* empty : {"", "---\n", "# only a remark\n", "{}", "basic_auth_users:\ntls_server_config: {}\n"}) {
      const auto config = config_of(empty);
      CHECK_FALSE(config.tls);
      CHECK(config.users.empty());
      CHECK_FALSE(config.rate.on());
    }
    const auto half = read_web_config("tls_server_config:\n  min_version: TLS13\n");
    CHECK_FALSE(half.config.tls);
    CHECK(half.remarks.size() == 1);
  }

  TEST_CASE("PEM may stand in place") {
    const auto config = config_of(
        "tls_server_config:\n  cert: |\n    "
        "-----BEGIN\n    x\n  key: \"a\\nb\"\n");
    CHECK(config.tls->cert.text == "-----BEGIN\nx\n");
    CHECK(config.tls->key.text == "a\nb");
  }

  TEST_CASE("unknown keys are told with their lines") {
    CHECK(faults_of("tls:\n  a: 1\n") == "2: tls.a is no key of this file\n");
    CHECK(faults_of(tls("  colour: red\n")) == "4: tls_server_config.colour is no key of this file\n");
    CHECK(faults_of("basic_auth_users: x\n") == "1: basic_auth_users must have keys below it\n");
    CHECK(faults_of("http_server_config:\n  headers:\n    X-Else: 1\n") ==
          "3: http_server_config.headers.X-Else is no field that may be set "
          "here\n");
    CHECK(faults_of("a: b\n") == "1: a is no key of this file\n");
  }

  TEST_CASE("bad values are told with line and key, and never a secret") {
    CHECK(faults_of("basic_auth_users:\n  bob: opensesame\n") ==
          "2: basic_auth_users.bob is a bcrypt hash, of the kind $2a$, $2b$ or "
          "$2y$\n");
    for (const char* bad : {"  client_auth_type: Yes\n", "  min_version: TLS11\n", "  max_version: SSL3\n",
                            "  cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA]\n", "  cipher_suites: [none]\n",
                            "  cipher_suites: TLS_AES_128_GCM_SHA256\n", "  curve_preferences: [P256]\n",
                            "  prefer_server_cipher_suites: maybe\n", "  cert: x\n", "  client_auth_type: [a]\n",
                            "  client_ca_file: ca.pem\n", "  client_auth_type: VerifyClientCertIfGiven\n",
                            "  min_version: TLS13\n  max_version: TLS12\n",
                            "  max_version: TLS12\n  cipher_suites: [TLS_AES_128_GCM_SHA256]\n"})
      CHECK_MESSAGE(!faults_of(tls(bad)).empty(), bad);
    for (const char* bad : {"rate_limit: {interval: soon}",
                            "rate_limit: {interval: -1s}",
                            "rate_limit: {burst: -1}",
                            "rate_limit: {burst: many}",
                            "http_server_config: {http2: 2}",
                            "http_server_config: {headers: {X-Frame-Options: maybe}}",
                            "http_server_config: {headers: {X-Content-Type-Options: sniff}}",
                            "http_server_config: {headers: {X-XSS-Protection: \"a\\nb\"}}",
                            "http_server_config: {headers: 3}",
                            "tls_server_config: {cert_file: a}",
                            "tls_server_config: {client_auth_type: NoClientCert}",
                            "basic_auth_users: {a: {b: c}}",
                            "basic_auth_users: [a]",
                            "- a",
                            "a: [",
                            "x",

                            "a: 1\na: 1\n",
                            "{}\n---\n{}\n",
                            "basic_auth_users: {a: "
                            "$2c$10$KMnVNpGcM3jOPHvdJhSDXuu8XkHTqIoLTpZxfjyuYdN5nDVuG5pKi}",
                            "basic_auth_users: {a: "
                            "$2y$03$KMnVNpGcM3jOPHvdJhSDXuu8XkHTqIoLTpZxfjyuYdN5nDVuG5pKi}"})
      CHECK_MESSAGE(!faults_of(bad).empty(), bad);
  }

  TEST_CASE("HTTP/2 is no fault, and has no effect") {
    const auto asked = read_web_config("http_server_config: {http2: true}");
    CHECK(asked.faults.empty());
    CHECK(asked.remarks.size() == 1);
    CHECK(read_web_config("http_server_config: {http2: false}").remarks.empty());
  }

  TEST_CASE("a hash that was cut is told, at every place") {
    const auto whole = std::string("basic_auth_users:\n  alice: ") + hash;
    for (std::size_t cut = 1; cut < 60; ++cut)
      CHECK(faults_of(std::string_view(whole).substr(0, whole.size() - cut)).starts_with("2: basic_auth_users.alice "));
  }
}

}  // namespace web_config_test
