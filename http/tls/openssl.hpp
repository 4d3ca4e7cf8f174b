#pragma once
// OpenSSL 3, loaded when TLS is configured and not before: no byte of it is read or kept otherwise, and Debian's
// updates of it need no build of ours. Its headers are for types and numbers; functions are called through this table
// alone.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <string>

namespace vitald::http::tls {

template <auto Function>
using Of = decltype(Function);

struct OpenSsl {
  // contexts
  Of<&::TLS_server_method> server_method;
  Of<&::SSL_CTX_new> context_new;
  Of<&::SSL_CTX_free> context_free;
  Of<&::SSL_CTX_ctrl> context_ctrl;
  Of<&::SSL_CTX_set_options> set_options;
  Of<&::SSL_CTX_set_cipher_list> set_cipher_list;
  Of<&::SSL_CTX_set_num_tickets> set_num_tickets;
  Of<&::SSL_CTX_set_verify> set_verify;
  Of<&::SSL_CTX_set_cert_verify_callback> set_cert_verify_callback;
  Of<&::SSL_CTX_set_alpn_select_cb> set_alpn_select_cb;
  Of<&::SSL_CTX_set_session_id_context> set_session_id_context;
  Of<&::SSL_CTX_use_certificate> use_certificate;
  Of<&::SSL_CTX_use_PrivateKey> use_private_key;
  Of<&::SSL_CTX_check_private_key> check_private_key;
  Of<&::SSL_CTX_get_cert_store> get_cert_store;
  Of<&::SSL_CTX_add_client_CA> add_client_ca;
  // connections
  Of<&::SSL_new> connection_new;
  Of<&::SSL_free> connection_free;
  Of<&::SSL_set_fd> set_fd;
  Of<&::SSL_set_accept_state> set_accept_state;
  Of<&::SSL_do_handshake> do_handshake;
  Of<&::SSL_read_ex> read;
  Of<&::SSL_write_ex> write;
  Of<&::SSL_shutdown> shutdown;
  Of<&::SSL_get_error> get_error;
  Of<&::SSL_get0_peer_certificate> peer_certificate;
  Of<&::SSL_get_verify_result> verify_result;
  Of<&::SSL_select_next_proto> select_next_proto;
  // certificates and keys
  Of<&::BIO_new_mem_buf> memory;
  Of<&::BIO_free> memory_free;
  Of<&::PEM_read_bio_X509> read_certificate;
  Of<&::PEM_read_bio_PrivateKey> read_private_key;
  Of<&::X509_free> certificate_free;
  Of<&::EVP_PKEY_free> key_free;
  Of<&::X509_STORE_add_cert> store_add;
  Of<&::X509_verify_cert> verify_certificate;
  Of<&::X509_STORE_CTX_get0_cert> certificate_of;
  Of<&::X509_STORE_CTX_set_error> set_verify_error;
  Of<&::X509_get_ext_d2i> extension;
  Of<&::GENERAL_NAMES_free> names_free;
  Of<&::OPENSSL_sk_num> stack_size;
  Of<&::OPENSSL_sk_value> stack_at;
  Of<&::ASN1_STRING_get0_data> string_data;
  Of<&::ASN1_STRING_length> string_length;
  // faults
  Of<&::ERR_clear_error> clear_errors;
  Of<&::ERR_peek_error> first_error;
  Of<&::ERR_peek_last_error> last_error;
  Of<&::ERR_reason_error_string> reason;
};

// The library, loaded once and kept; null, and why, when it is not there or not whole. Any thread, one at a time.
const OpenSsl* load_openssl(std::string& why, const char* file = "libssl.so.3");

}  // namespace vitald::http::tls
