#include "config/web_options.hpp"

#include "collectors/base/duration.hpp"
#include "collectors/base/scan.hpp"

#include <stdexcept>

namespace vitald::config {
namespace {

using enum Option::Kind;

std::string_view host_name(std::string_view value) {
  for (const char c : value)
    if (!scan::plain(c) && c != '.' && c != '-') return "it must be a name, without scheme and port";
  return value.empty() ? std::string_view("it must not be empty") : std::string_view{};
}

constexpr std::string_view web_group = "Web", limits = "Web limits";
constexpr std::int64_t ms = 1'000'000;

constexpr Option web_table[] = {
    {.flag = "web.socket",
     .kind = boolean,
     .initial = "true",
     .help = "Also listen on unix:/run/vitald/vitald.sock, where that folder exists and may be written to.",
     .group = web_group,
     .reload = false},
    {.flag = "web.host",
     .initial = "",
     .help = "A name of this host. With it, requests for other names are refused (421), but for addresses and "
             "localhost. May be repeated.",
     .repeatable = true,
     .check = host_name,
     .group = web_group,
     .reload = false},
    {.flag = "web.trust-loopback",
     .kind = boolean,
     .initial = "true",
     .help = "Who comes by the loopback network, without a proxy, may see what this host's users may see.",
     .group = web_group,
     .reload = false},
    {.flag = "web.max-connections",
     .kind = integer,
     .initial = "16384",
     .help = "Open connections, as far as descriptors allow; one more ends the one that has been idle longest.",
     .at_least = 8,
     .group = limits,
     .reload = false},
    {.flag = "web.max-connections-per-address",
     .kind = integer,
     .initial = "0",
     .help = "Open connections of one address by TCP; one more is closed. 0: no limit.",
     .at_least = 0,
     .group = limits,
     .reload = false},
    {.flag = "web.max-line-bytes",
     .kind = integer,
     .initial = "8192",
     .help = "Length of a request's first line; longer ones are refused (414).",
     .at_least = 256,
     .group = limits,
     .reload = false},
    {.flag = "web.max-header-bytes",
     .kind = integer,
     .initial = "32768",
     .help = "Length of a request's whole head; longer ones are refused (431).",
     .at_least = 1024,
     .group = limits,
     .reload = false},
    {.flag = "web.max-body-bytes",
     .kind = integer,
     .initial = "65536",
     .help = "Length of a request's body, where a resource takes one; longer ones are refused (413).",
     .at_least = 1024,
     .group = limits,
     .reload = false},
    {.flag = "web.max-streams",
     .kind = integer,
     .initial = "256",
     .help = "Clients that listen to streams at the same time; one more gets a 503.",
     .at_least = 0,
     .group = limits,
     .reload = false},
    {.flag = "web.handshake-timeout",
     .kind = duration,
     .initial = "10s",
     .help = "Time for a TLS handshake.",
     .at_least = ms,
     .group = limits,
     .reload = false},
    {.flag = "web.header-timeout",
     .kind = duration,
     .initial = "10s",
     .help = "Time for a request's head: of the first from the connection on, of others from their first byte on.",
     .at_least = ms,
     .group = limits,
     .reload = false},
    {.flag = "web.body-timeout",
     .kind = duration,
     .initial = "10s",
     .help = "Time for a request's body, where a resource takes one.",
     .at_least = ms,
     .group = limits,
     .reload = false},
    {.flag = "web.idle-timeout",
     .kind = duration,
     .initial = "5m",
     .help = "Time between two requests of a connection.",
     .at_least = ms,
     .group = limits,
     .reload = false},
    {.flag = "web.write-timeout",
     .kind = duration,
     .initial = "30s",
     .help = "Time for a client to take a reply.",
     .at_least = ms,
     .group = limits,
     .reload = false},
};

std::chrono::nanoseconds duration_of(const Options& given, std::string_view flag) {
  const auto time = parse_duration(given.text(flag));
  if (!time) throw std::invalid_argument(std::string(flag) + " was not checked");
  return *time;
}

std::size_t number_of(const Options& given, std::string_view flag) {
  std::string_view text = given.text(flag);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::size_t number = 0;
  if (!scan::number(text, number)) throw std::invalid_argument(std::string(flag) + " was not checked");
  return number;
}

}  // namespace

std::span<const Option> web_options() { return web_table; }

WebSettings web_settings_from(const Options& given) {
  WebSettings made;
  made.connections = number_of(given, "web.max-connections");
  made.connections_per_address = number_of(given, "web.max-connections-per-address");
  made.line_bytes = number_of(given, "web.max-line-bytes");
  made.head_bytes = number_of(given, "web.max-header-bytes");
  made.body_bytes = number_of(given, "web.max-body-bytes");
  made.streams = number_of(given, "web.max-streams");
  made.handshake = duration_of(given, "web.handshake-timeout");
  made.head = duration_of(given, "web.header-timeout");
  made.body = duration_of(given, "web.body-timeout");
  made.idle = duration_of(given, "web.idle-timeout");
  made.write = duration_of(given, "web.write-timeout");
  made.trusts_loopback = given.on("web.trust-loopback");
  made.default_socket = given.on("web.socket");
  made.hosts = given.values("web.host");
  return made;
}

}  // namespace vitald::config
