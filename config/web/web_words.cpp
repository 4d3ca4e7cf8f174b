#include "config/web/web_words.hpp"

#include "config/alike.hpp"

#include <algorithm>

namespace vitald::config {
namespace {

template <class Value, std::size_t N>
const Value* find(const std::pair<std::string_view, Value> (&words)[N], std::string_view word) {
  const auto* at = std::ranges::find(words, word, &std::pair<std::string_view, Value>::first);
  return at == std::end(words) ? nullptr : &at->second;
}

using Name = std::pair<std::string_view, std::string_view>;

constexpr Name suites[] = {
    {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-AES128-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE-RSA-AES128-SHA256"},
    {"TLS_AES_128_GCM_SHA256", ""},
    {"TLS_AES_256_GCM_SHA384", ""},
    {"TLS_CHACHA20_POLY1305_SHA256", ""},
};

// What the value of a field may be; empty: any text.
struct Header {
  std::string_view name;
  std::string_view values[2];
};
constexpr Header headers[] = {
    {"Content-Security-Policy", {}},
    {"Strict-Transport-Security", {}},
    {"X-Content-Type-Options", {"nosniff"}},
    {"X-Frame-Options", {"deny", "sameorigin"}},
    {"X-XSS-Protection", {}},
};

bool is_of(const Header& header, std::string_view value) {
  if (header.values[0].empty()) return true;
  return std::ranges::any_of(header.values, [&](std::string_view each) { return !each.empty() && alike(each, value); });
}

}  // namespace

std::optional<bool> read_yes_or_no(std::string_view word) {
  for (const auto yes : {"true", "yes", "on", "y"})
    if (alike(word, yes)) return true;
  for (const auto no : {"false", "no", "off", "n"})
    if (alike(word, no)) return false;
  return {};
}

std::optional<WebConfig::ClientAuth> read_client_auth(std::string_view word) {
  using enum WebConfig::ClientAuth;
  constexpr std::pair<std::string_view, WebConfig::ClientAuth> words[] = {
      {"NoClientCert", none},
      {"RequestClientCert", request},
      {"RequireAnyClientCert", require_any},
      {"RequireClientCert", require_any},
      {"VerifyClientCertIfGiven", verify_if_given},
      {"RequireAndVerifyClientCert", require_and_verify},
  };
  const auto* found = find(words, word);
  return found ? std::optional(*found) : std::nullopt;
}

std::string_view curve_for(std::string_view word) {
  constexpr Name curves[] = {
      {"X25519", "X25519"}, {"CurveP256", "P-256"}, {"CurveP384", "P-384"}, {"CurveP521", "P-521"}};
  const auto* found = find(curves, word);
  return found ? *found : std::string_view{};
}

Suite suite_for(std::string_view word) {
  if (const auto* found = find(suites, word)) return {*found, {}};
  const bool other =
      word.starts_with("TLS_RSA_WITH_") || (word.starts_with("TLS_ECDHE_") && word.find("_WITH_") != word.npos);
  return {{}, other ? "is not offered: it has no forward secrecy, or a cipher that is broken" : "is no cipher suite"};
}

bool is_bcrypt(std::string_view hash) {
  if (hash.size() != 60) return false;
  for (const auto kind : {"$2a$", "$2b$", "$2y$"})
    if (hash.starts_with(kind)) {
      const auto cost = hash.substr(4, 2);
      const auto good = [](char c) {
        return c == '.' || c == '/' || (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
      };
      return cost >= "04" && cost <= "31" && cost[1] >= '0' && cost[1] <= '9' && hash[6] == '$' &&
             std::ranges::all_of(hash.substr(7), good);
    }
  return false;
}

std::string_view header_for(std::string_view name, std::string_view value, std::string_view& why) {
  const auto* found = std::ranges::find_if(headers, [&](const Header& each) { return alike(each.name, name); });
  if (found == std::end(headers)) return {};
  if (!value.empty() && !is_of(*found, value)) why = found->values[1].empty() ? "nosniff" : "deny or sameorigin";
  return found->name;
}

}  // namespace vitald::config
