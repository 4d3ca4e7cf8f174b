#include "http/tls/client_names.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace vitald::http::tls {
namespace {

std::string_view text_of(const OpenSsl& ssl, const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ssl.string_data(string)), static_cast<std::size_t>(ssl.string_length(string))};
}

std::string address_of(std::string_view bytes) {
  char text[INET6_ADDRSTRLEN];
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  const bool good = bytes.size() == 4 || bytes.size() == 16;
  return good && ::inet_ntop(family, bytes.data(), text, sizeof text) ? text : "";
}

std::string text_of(const OpenSsl& ssl, const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS: return std::string(text_of(ssl, name.d.dNSName));
    case GEN_EMAIL: return std::string(text_of(ssl, name.d.rfc822Name));
    case GEN_URI: return std::string(text_of(ssl, name.d.uniformResourceIdentifier));
    case GEN_IPADD: return address_of(text_of(ssl, name.d.iPAddress));
    default: return {};
  }
}

}  // namespace

bool carries_one_of(const OpenSsl& ssl, const X509& certificate, std::span<const std::string> names) {
  auto* const carried =
      static_cast<GENERAL_NAMES*>(ssl.extension(&certificate, NID_subject_alt_name, nullptr, nullptr));
  if (!carried) return false;
  const auto* const stack = reinterpret_cast<const OPENSSL_STACK*>(carried);
  bool found = false;
  for (int i = 0; !found && i < ssl.stack_size(stack); ++i) {
    const auto text = text_of(ssl, *static_cast<const GENERAL_NAME*>(ssl.stack_at(stack, i)));
    found = !text.empty() && std::ranges::find(names, text) != names.end();
  }
  ssl.names_free(carried);
  return found;
}

}  // namespace vitald::http::tls
