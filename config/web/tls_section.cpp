#include "config/web/tls_section.hpp"

#include "config/web/web_words.hpp"

namespace vitald::config {

bool TlsSection::take(const Leaf& leaf) {
  static constexpr Known<TlsSection> keys[] = {
      {"cert_file", &TlsSection::cert_file},
      {"cert", &TlsSection::cert},
      {"key_file", &TlsSection::key_file},
      {"key", &TlsSection::key},
      {"client_auth_type", &TlsSection::client_auth_type},
      {"client_ca_file", &TlsSection::client_ca_file},
      {"client_ca", &TlsSection::client_ca},
      {"client_allowed_sans", &TlsSection::client_allowed_sans},
      {"min_version", &TlsSection::min_version},
      {"max_version", &TlsSection::max_version},
      {"cipher_suites", &TlsSection::cipher_suites},
      {"prefer_server_cipher_suites", &TlsSection::prefer_server},
      {"curve_preferences", &TlsSection::curve_preferences},
  };
  if (leaf.path.size() != 2 || leaf.path[0].text != "tls_server_config") return false;
  for (const auto& [name, read] : keys)
    if (leaf.path[1].text == name) return (this->*read)(leaf), true;
  return false;
}

void TlsSection::settle() {
  if (!on_) {
    if (line_ != 0) out_.remarks.push_back("tls_server_config has neither certificate nor key: there is no TLS");
    return;
  }
  want(tls_.cert, "cert");
  want(tls_.key, "key");
  check_client_auth();
  if (suites_given_ && tls_.cipher_suites.empty()) tls_.min_version = WebConfig::Version::tls13;  // none is left of 1.2
  if (tls_.min_version > tls_.max_version) fault_at(line_, "tls_server_config.min_version is above max_version");
  out_.config.tls = std::move(tls_);
}

// Whatever belongs to a certificate turns TLS on, as with the exporters.
void TlsSection::given(const Leaf& leaf, bool turns_on) {
  if (line_ == 0) line_ = leaf.path.front().line;
  on_ = on_ || turns_on;
}

void TlsSection::pem(const Leaf& leaf, WebConfig::Pem& out, std::string WebConfig::Pem::*where) {
  const auto text = text_of(leaf);
  given(leaf, text && !text->empty());
  if (!text || text->empty()) return;
  if (!out.file.empty() || !out.text.empty()) return fault(leaf, "is told twice: in a file, and in place");
  out.*where = *text;
  out.line = leaf.path.back().line;
}

void TlsSection::client_auth_type(const Leaf& leaf) {
  const auto word = text_of(leaf);
  given(leaf, word && !word->empty());
  if (!word || word->empty()) return;
  const auto said = read_client_auth(*word);
  if (!said)
    return fault(leaf,
                 "is NoClientCert, RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven or "
                 "RequireAndVerifyClientCert");
  tls_.client_auth = *said;
}

void TlsSection::client_allowed_sans(const Leaf& leaf) {
  given(leaf, false);
  tls_.client_allowed_sans = list_of(leaf);
}

void TlsSection::version(const Leaf& leaf, WebConfig::Version& out) {
  given(leaf, false);
  const auto word = text_of(leaf);
  if (!word || word->empty()) return;
  if (*word == "TLS10" || *word == "TLS11") return fault(leaf, "is TLS12 or TLS13: older ones are not spoken");
  if (*word != "TLS12" && *word != "TLS13") return fault(leaf, "is TLS12 or TLS13");
  out = *word == "TLS12" ? WebConfig::Version::tls12 : WebConfig::Version::tls13;
}

void TlsSection::cipher_suites(const Leaf& leaf) {
  given(leaf, false);
  for (const auto& word : list_of(leaf)) {
    const auto suite = suite_for(word);
    suites_given_ = true;
    if (!suite.why.empty())
      fault(leaf, std::string("has ").append(word).append(", which ").append(suite.why));
    else if (!suite.openssl.empty())
      tls_.cipher_suites.emplace_back(suite.openssl);
  }
}

void TlsSection::curve_preferences(const Leaf& leaf) {
  given(leaf, false);
  for (const auto& word : list_of(leaf)) {
    const auto curve = curve_for(word);
    if (curve.empty()) fault(leaf, "has " + word + ": X25519, CurveP256, CurveP384 and CurveP521 are known");
    tls_.curves.emplace_back(curve);
  }
}

void TlsSection::prefer_server(const Leaf& leaf) {
  given(leaf, false);
  yes_or_no(leaf, tls_.prefer_server_cipher_suites);
}

void TlsSection::want(const WebConfig::Pem& pem, std::string_view what) {
  if (!pem.file.empty() || !pem.text.empty()) return;
  fault_at(line_, std::string("tls_server_config.").append(what) + "_file is missing: TLS needs certificate and key");
}

void TlsSection::check_client_auth() {
  using enum WebConfig::ClientAuth;
  const bool verifies = tls_.client_auth == verify_if_given || tls_.client_auth == require_and_verify;
  const bool authority = !tls_.client_ca.file.empty() || !tls_.client_ca.text.empty();
  if (authority && tls_.client_auth == none)
    fault_at(tls_.client_ca.line,
             "tls_server_config.client_ca_file wants a client_auth_type that asks for certificates");
  if (verifies && !authority)
    fault_at(line_, "tls_server_config.client_ca_file is missing: the client_auth_type verifies certificates");
}

}  // namespace vitald::config
