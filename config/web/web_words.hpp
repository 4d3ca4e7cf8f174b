#pragma once
// The words that stand as values in a web configuration file, and what they mean.
#include "config/web/web_config.hpp"

namespace vitald::config {

std::optional<bool> read_yes_or_no(std::string_view word);  // as YAML 1.1 spells them
std::optional<WebConfig::ClientAuth> read_client_auth(std::string_view word);
std::string_view curve_for(std::string_view word);  // OpenSSL's name; empty: unknown

// Go's name of a suite to OpenSSL's.
struct Suite {
  std::string_view openssl;  // empty for those of TLS 1.3, which cannot be chosen
  std::string_view why;      // not empty: refused
};
Suite suite_for(std::string_view word);

bool is_bcrypt(std::string_view hash);

// The field of that name as it is to be written; empty when it may not be set. `why`: what is wrong with the value.
std::string_view header_for(std::string_view name, std::string_view value, std::string_view& why);

}  // namespace vitald::config
