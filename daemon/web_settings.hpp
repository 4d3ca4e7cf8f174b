#pragma once
// From the settings to what the server is told: neither knows the other.
#include "config/settings.hpp"
#include "http/access.hpp"
#include "http/limits.hpp"
#include "http/listen.hpp"

namespace vitald {

// As many connections as settings and descriptors allow; their limit is raised as far as this process may.
http::Limits limits_for(const config::WebSettings& web);
http::Policy policy_for(const config::WebSettings& web);
http::Place place_for(const config::Address& address);
http::Place default_socket();  // of this host's users

}  // namespace vitald
