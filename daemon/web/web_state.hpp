#pragma once
// What a web configuration file comes to: read, checked, and made into what serves.
#include "config/web/web_files.hpp"
#include "http/auth/users.hpp"
#include "http/tls/context.hpp"

namespace vitald {

struct WebState {
  std::shared_ptr<const http::tls::Context> tls;  // none: connections are plain
  http::Users users;                              // none: no passwords
  std::string security_fields;                    // of every reply
  config::WebConfig::Rate rate;
};

struct WebLoad {
  std::shared_ptr<const WebState> state;  // none: the faults say why
  std::vector<std::string> faults, remarks;
  std::vector<config::FileStamp> stamps;
  std::size_t digest = 0;
};

// Waits for files: not for the loop. One thread at a time.
WebLoad load_web(const std::string& path);

}  // namespace vitald
