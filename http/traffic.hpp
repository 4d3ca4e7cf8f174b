#pragma once
// What the server counts of itself. No client chooses a name in it.
#include <array>
#include <cstdint>
#include <string_view>

namespace vitald::http {

// Why a request was not answered with what it asked for, or a connection ended before its time.
enum class Refusal : std::uint8_t {
  malformed,
  too_large,
  unauthorized,
  forbidden,
  misdirected,
  rate,
  address_limit,
  shed,
  handshake_failed,
  handshake_timeout,
  header_timeout,
  body_timeout,
  write_timeout,
};
constexpr std::array<std::string_view, 13> refusal_names = {
    "malformed",      "too_large",     "unauthorized", "forbidden",        "misdirected",
    "rate",           "address_limit", "shed",         "handshake_failed", "handshake_timeout",
    "header_timeout", "body_timeout",  "write_timeout"};

struct Traffic {
  std::uint64_t accepted = 0, sent_bytes = 0;
  double request_seconds = 0;  // of all requests that were answered
  std::array<std::uint64_t, refusal_names.size()> refusals{};
  void refused(Refusal why) { ++refusals[static_cast<std::size_t>(why)]; }
};

}  // namespace vitald::http
