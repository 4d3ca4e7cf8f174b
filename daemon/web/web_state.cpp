#include "daemon/web/web_state.hpp"

#include "collectors/base/scan.hpp"
#include "http/api.hpp"

#include <algorithm>

namespace vitald {
namespace {

using http::tls::Settings;

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all.append(all.empty() ? "" : ":").append(word);
  return all;
}

http::tls::ClientCertificate wish_of(config::WebConfig::ClientAuth kind) {
  using enum config::WebConfig::ClientAuth;
  using Wish = http::tls::ClientCertificate;
  switch (kind) {
    case none: break;
    case request: return Wish::asked_for;
    case require_any: return Wish::required;
    case verify_if_given: return Wish::verified_if_given;
    case require_and_verify: return Wish::verified;
  }
  return Wish::unwanted;
}

Settings settings_of(const config::WebFiles& files) {
  const auto& tls = *files.config.tls;
  Settings made;
  made.certificate = files.certificate;
  made.key = files.key;
  made.client_authorities = files.client_ca;
  made.client = wish_of(tls.client_auth);
  made.client_names = tls.client_allowed_sans;
  made.tls12 = tls.min_version == config::WebConfig::Version::tls12;
  made.tls13 = tls.max_version == config::WebConfig::Version::tls13;
  made.ciphers = joined(tls.cipher_suites);
  made.groups = joined(tls.curves);
  made.servers_order = tls.prefer_server_cipher_suites;
  return made;
}

std::string fault_of(const std::string& path, const config::WebConfig::Tls& tls, const http::tls::Fault& fault) {
  const auto told = [&](std::size_t line, std::string_view key) {
    return config::fault_at(path, line, std::string("tls_server_config.").append(key).append(": ") + fault.why);
  };
  switch (fault.part) {
    case http::tls::Fault::Part::library: return "TLS needs OpenSSL 3 (Debian's libssl3): " + fault.why;
    case http::tls::Fault::Part::certificate: return told(tls.cert.line, tls.cert.file.empty() ? "cert" : "cert_file");
    case http::tls::Fault::Part::key: return told(tls.key.line, tls.key.file.empty() ? "key" : "key_file");
    case http::tls::Fault::Part::client_authorities:
      return told(tls.client_ca.line, tls.client_ca.file.empty() ? "client_ca" : "client_ca_file");
    case http::tls::Fault::Part::ciphers: return told(tls.cert.line, "cipher_suites");
    case http::tls::Fault::Part::groups: return told(tls.cert.line, "curve_preferences");
  }
  return fault.why;
}

// The usual ones, but for those that the file sets.
std::string security_fields(const config::WebConfig::Pairs& given) {
  std::string all;
  for (auto usual = http::usual_security_fields; !usual.empty();) {
    const auto line = scan::take_line(usual);
    const auto named = [&](const auto& each) { return line.starts_with(each.first + ":"); };
    if (std::ranges::none_of(given, named)) all.append(line).append("\n");
  }
  for (const auto& [name, value] : given) all.append(name).append(": ").append(value).append("\r\n");
  return all;
}

}  // namespace

WebLoad load_web(const std::string& path) {
  auto files = config::read_web_files(path);
  WebLoad made{nullptr, std::move(files.faults), std::move(files.remarks), std::move(files.stamps), files.digest};
  if (!made.faults.empty()) return made;
  auto state = std::make_shared<WebState>();
  if (files.config.tls) {
    http::tls::Fault fault;
    state->tls = http::tls::make_context(settings_of(files), fault);
    if (!state->tls) return made.faults.push_back(fault_of(path, *files.config.tls, fault)), made;
  }
  if (!files.config.users.empty()) state->users = http::Users(files.config.users);
  state->security_fields = security_fields(files.config.headers);
  state->rate = files.config.rate;
  made.state = std::move(state);
  return made;
}

}  // namespace vitald
