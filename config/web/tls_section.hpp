#pragma once
// tls_server_config of a web configuration file.
#include "config/web/section.hpp"

namespace vitald::config {

class TlsSection : Section {
 public:
  using Section::Section;
  bool take(const Leaf& leaf);  // false: it is no key of this section
  void settle();                // all is read: TLS is on, off, or not whole

 private:
  void given(const Leaf& leaf, bool turns_on);
  void pem(const Leaf& leaf, WebConfig::Pem& out, std::string WebConfig::Pem::*where);
  void version(const Leaf& leaf, WebConfig::Version& out);
  void cert_file(const Leaf& leaf) { pem(leaf, tls_.cert, &WebConfig::Pem::file); }
  void cert(const Leaf& leaf) { pem(leaf, tls_.cert, &WebConfig::Pem::text); }
  void key_file(const Leaf& leaf) { pem(leaf, tls_.key, &WebConfig::Pem::file); }
  void key(const Leaf& leaf) { pem(leaf, tls_.key, &WebConfig::Pem::text); }
  void client_ca_file(const Leaf& leaf) { pem(leaf, tls_.client_ca, &WebConfig::Pem::file); }
  void client_ca(const Leaf& leaf) { pem(leaf, tls_.client_ca, &WebConfig::Pem::text); }
  void min_version(const Leaf& leaf) { version(leaf, tls_.min_version); }
  void max_version(const Leaf& leaf) { version(leaf, tls_.max_version); }
  void client_auth_type(const Leaf& leaf);
  void client_allowed_sans(const Leaf& leaf);
  void cipher_suites(const Leaf& leaf);
  void curve_preferences(const Leaf& leaf);
  void prefer_server(const Leaf& leaf);
  void want(const WebConfig::Pem& pem, std::string_view what);
  void check_client_auth();

  WebConfig::Tls tls_;
  std::size_t line_ = 0;  // of the section; 0: not there
  bool on_ = false, suites_given_ = false;
};

}  // namespace vitald::config
