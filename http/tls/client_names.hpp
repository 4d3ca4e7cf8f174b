#pragma once
// The names that a certificate carries (subject alternative names).
#include "http/tls/openssl.hpp"

#include <span>
#include <string>

namespace vitald::http::tls {

// Whether one of its DNS names, e-mail addresses, IP addresses and URIs is, as text, one of these.
bool carries_one_of(const OpenSsl& ssl, const X509& certificate, std::span<const std::string> names);

}  // namespace vitald::http::tls
