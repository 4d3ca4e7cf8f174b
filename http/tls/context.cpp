#include "http/tls/context.hpp"

#include "http/tls/client_names.hpp"
#include "http/tls/connection.hpp"
#include "http/tls/handles.hpp"
#include "http/tls/pages.hpp"

namespace vitald::http::tls {
namespace {

using enum Fault::Part;

// Forward secrecy and authenticated encryption only; what is cheapest to compute first.
constexpr const char* usual_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* usual_groups = "X25519:P-256:P-384";

int no_password(char*, int, int, void*) { return -1; }  // else OpenSSL would ask at the terminal

// HTTP/1.1, if the client names it at all.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void* library) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  const auto& ssl = *static_cast<const OpenSsl*>(library);
  unsigned char* chosen = nullptr;
  const bool found =
      ssl.select_next_proto(&chosen, size, ours, sizeof ours - 1, offered, offered_size) == OPENSSL_NPN_NEGOTIATED;
  *out = chosen;
  return found ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// The chain, where it counts; then the names.
int judge_client(X509_STORE_CTX* store, void* context) {
  const auto& shared = *static_cast<const Shared*>(context);
  const auto& ssl = shared.ssl;
  if (shared.verifies && ssl.verify_certificate(store) != 1) return 0;
  const auto& names = shared.client_names;
  const bool named = !names || carries_one_of(ssl, *ssl.certificate_of(store), *names);
  ssl.set_verify_error(store, named ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
  return named ? 1 : 0;
}

class Made final : public Context {
 public:
  Made(const OpenSsl& ssl, const Settings& settings)
      : shared_(std::make_shared<Shared>(ssl)), ssl_(ssl), settings_(settings) {}

  std::unique_ptr<Layer> layer_for(int socket) const override { return make_connection(shared_, socket); }

  bool prepare(Fault& fault) {
    shared_->context = ssl_.context_new(ssl_.server_method());
    if (!shared_->context) return refuse(fault, library, last_reason(ssl_));
    set_usual();
    return set_ciphers(fault) && set_certificate(fault) && set_key(fault) && set_clients(fault) && forget_secrets();
  }

 private:
  bool refuse(Fault& fault, Fault::Part part, std::string why) const {
    ssl_.clear_errors();
    fault = {part, std::move(why)};
    return false;
  }
  bool control(int what, long number, const void* thing = nullptr) const {
    return ssl_.context_ctrl(shared_->context, what, number, const_cast<void*>(thing)) == 1;
  }

  // Sessions are resumed by tickets, whose key ends with this context: nothing is kept for a client that left.
  void set_usual() const {
    auto* const context = shared_->context;
    std::uint64_t options = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION;
    if (settings_.servers_order) options |= SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA;
    ssl_.set_options(context, options);
    control(SSL_CTRL_SET_MIN_PROTO_VERSION, settings_.tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
    control(SSL_CTRL_SET_MAX_PROTO_VERSION, settings_.tls13 ? TLS1_3_VERSION : TLS1_2_VERSION);
    control(SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF);
    control(SSL_CTRL_MODE, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    ssl_.set_num_tickets(context, 1);
    ssl_.set_session_id_context(context, reinterpret_cast<const unsigned char*>("vitald"), 6);
    ssl_.set_alpn_select_cb(context, choose_protocol, const_cast<OpenSsl*>(&ssl_));
  }

  bool set_ciphers(Fault& fault) const {
    const char* const list = settings_.ciphers.empty() ? usual_ciphers : settings_.ciphers.c_str();
    if (ssl_.set_cipher_list(shared_->context, list) != 1) return refuse(fault, ciphers, last_reason(ssl_));
    const char* const curves = settings_.groups.empty() ? usual_groups : settings_.groups.c_str();
    return control(SSL_CTRL_SET_GROUPS_LIST, 0, curves) || refuse(fault, groups, last_reason(ssl_));
  }

  // The server's own first, then those that lead to its authority.
  bool set_certificate(Fault& fault) const {
    const auto text = memory_of(ssl_, settings_.certificate);
    auto* const own = ssl_.read_certificate(text.get(), nullptr, no_password, nullptr);
    if (!own) return refuse(fault, certificate, "no certificate in PEM is in it");
    const bool taken = ssl_.use_certificate(shared_->context, own) == 1;
    ssl_.certificate_free(own);
    if (!taken) return refuse(fault, certificate, last_reason(ssl_));
    while (auto* const next = ssl_.read_certificate(text.get(), nullptr, no_password, nullptr))
      if (!control(SSL_CTRL_CHAIN_CERT, 0, next)) {
        ssl_.certificate_free(next);
        return refuse(fault, certificate, last_reason(ssl_));
      }
    return whole(fault, certificate);
  }

  // Reading PEM ends with "no start line" where nothing more is, and otherwise where something is broken.
  bool whole(Fault& fault, Fault::Part part) const {
    const bool at_end = ERR_GET_REASON(ssl_.last_error()) == PEM_R_NO_START_LINE;
    return at_end ? (ssl_.clear_errors(), true) : refuse(fault, part, "a certificate is broken: " + last_reason(ssl_));
  }

  bool set_key(Fault& fault) const {
    const auto text = memory_of(ssl_, settings_.key);
    auto* const own = ssl_.read_private_key(text.get(), nullptr, no_password, nullptr);
    if (!own) return refuse(fault, key, "no private key in PEM is in it, or one with a password");
    const bool taken = ssl_.use_private_key(shared_->context, own) == 1;
    ssl_.key_free(own);
    if (!taken || ssl_.check_private_key(shared_->context) != 1)
      return refuse(fault, key, "certificate and key do not belong together");
    return true;
  }

  bool set_clients(Fault& fault) const {
    using enum ClientCertificate;
    const auto wish = settings_.client;
    if (wish == unwanted) return true;
    const bool needed = wish == required || wish == verified;
    shared_->verifies = wish == verified || wish == verified_if_given;
    shared_->client_names = settings_.client_names;
    ssl_.set_verify(shared_->context, SSL_VERIFY_PEER | (needed ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
    ssl_.set_cert_verify_callback(shared_->context, judge_client, shared_.get());
    const auto text = memory_of(ssl_, settings_.client_authorities);
    int found = 0;
    while (auto* const one = ssl_.read_certificate(text.get(), nullptr, no_password, nullptr)) {
      ssl_.store_add(ssl_.get_cert_store(shared_->context), one);
      ssl_.add_client_ca(shared_->context, one);
      ssl_.certificate_free(one);
      ++found;
    }
    if (found == 0 && shared_->verifies) return refuse(fault, client_authorities, "no certificate in PEM is in it");
    return whole(fault, client_authorities);
  }

  bool forget_secrets() {
    settings_.key.assign(settings_.key.size(), '\0');
    settings_.key.clear();
    return true;
  }

  std::shared_ptr<Shared> shared_;
  const OpenSsl& ssl_;
  Settings settings_;
};

}  // namespace

std::shared_ptr<const Context> make_context(const Settings& settings, Fault& fault) {
  const auto* const ssl = load_openssl(fault.why);
  if (!ssl) return fault.part = library, nullptr;
  auto made = std::make_shared<Made>(*ssl, settings);
  const bool good = made->prepare(fault);
  let_go_of_pages();
  return good ? made : nullptr;
}

}  // namespace vitald::http::tls
