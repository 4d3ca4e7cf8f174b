#include "http/tls/openssl.hpp"

#include <dlfcn.h>

#include <optional>

namespace vitald::http::tls {
namespace {

// Finds functions until one is missing.
class Finder {
 public:
  explicit Finder(void* library) : library_(library) {}
  template <class Function>
  Finder& operator()(const char* name, Function*& into) {
    if (missing_) return *this;
    into = reinterpret_cast<Function*>(::dlsym(library_, name));
    if (!into) missing_ = name;
    return *this;
  }
  const char* missing() const { return missing_; }

 private:
  void* library_;
  const char* missing_ = nullptr;
};

void find_contexts(Finder& find, OpenSsl& out) {
  find("TLS_server_method", out.server_method)("SSL_CTX_new", out.context_new)("SSL_CTX_free", out.context_free)(
      "SSL_CTX_ctrl", out.context_ctrl)("SSL_CTX_set_options", out.set_options)(
      "SSL_CTX_set_cipher_list", out.set_cipher_list)("SSL_CTX_set_num_tickets", out.set_num_tickets)(
      "SSL_CTX_set_verify", out.set_verify)("SSL_CTX_set_cert_verify_callback", out.set_cert_verify_callback)(
      "SSL_CTX_set_alpn_select_cb", out.set_alpn_select_cb)(
      "SSL_CTX_set_session_id_context", out.set_session_id_context)("SSL_CTX_use_certificate", out.use_certificate)(
      "SSL_CTX_use_PrivateKey", out.use_private_key)("SSL_CTX_check_private_key", out.check_private_key)(
      "SSL_CTX_get_cert_store", out.get_cert_store)("SSL_CTX_add_client_CA", out.add_client_ca);
}

void find_connections(Finder& find, OpenSsl& out) {
  find("SSL_new", out.connection_new)("SSL_free", out.connection_free)("SSL_set_fd", out.set_fd)(
      "SSL_set_accept_state", out.set_accept_state)("SSL_do_handshake", out.do_handshake)("SSL_read_ex", out.read)(
      "SSL_write_ex", out.write)("SSL_shutdown", out.shutdown)("SSL_get_error", out.get_error)(
      "SSL_get0_peer_certificate", out.peer_certificate)("SSL_get_verify_result", out.verify_result)(
      "SSL_select_next_proto", out.select_next_proto);
}

void find_certificates(Finder& find, OpenSsl& out) {
  find("BIO_new_mem_buf", out.memory)("BIO_free", out.memory_free)("PEM_read_bio_X509", out.read_certificate)(
      "PEM_read_bio_PrivateKey", out.read_private_key)("X509_free", out.certificate_free)(
      "EVP_PKEY_free", out.key_free)("X509_STORE_add_cert", out.store_add)("X509_verify_cert", out.verify_certificate)(
      "X509_STORE_CTX_get0_cert", out.certificate_of)("X509_STORE_CTX_set_error", out.set_verify_error)(
      "X509_get_ext_d2i", out.extension)("GENERAL_NAMES_free", out.names_free)("OPENSSL_sk_num", out.stack_size)(
      "OPENSSL_sk_value", out.stack_at)("ASN1_STRING_get0_data", out.string_data)("ASN1_STRING_length",
                                                                                  out.string_length);
  find("ERR_clear_error", out.clear_errors)("ERR_peek_error", out.first_error)("ERR_peek_last_error", out.last_error)(
      "ERR_reason_error_string", out.reason);
}

}  // namespace

const OpenSsl* load_openssl(std::string& why, const char* file) {
  static std::optional<OpenSsl> loaded;
  if (loaded) return &*loaded;
  void* const library = ::dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  if (!library) return why = ::dlerror(), nullptr;
  OpenSsl made{};
  Finder find(library);  // what libssl itself needs is found through it, too
  find_contexts(find, made);
  find_connections(find, made);
  find_certificates(find, made);
  if (find.missing()) return why = std::string(file).append(" has no ").append(find.missing()), nullptr;
  return &loaded.emplace(made);
}

}  // namespace vitald::http::tls
