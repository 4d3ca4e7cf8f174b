#pragma once
// The server's own limits and times: their options, and what these come to.
#include "collectors/base/option.hpp"

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace vitald::config {

std::span<const Option> web_options();

struct WebSettings {
  std::size_t connections = 0, connections_per_address = 0;  // 0: no limit of their own
  std::size_t line_bytes = 0, head_bytes = 0, body_bytes = 0;
  std::size_t streams = 0;
  std::chrono::nanoseconds handshake{}, head{}, body{}, idle{}, write{};
  bool trusts_loopback = true;
  bool default_socket = true;
  std::vector<std::string> hosts;
};
WebSettings web_settings_from(const Options& options);

}  // namespace vitald::config
