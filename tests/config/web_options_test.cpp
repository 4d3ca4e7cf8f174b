#include "config/web_options.hpp"

#include "config/command_line.hpp"

#include <doctest/doctest.h>

namespace web_options_test {

using namespace vitald;
using namespace std::chrono_literals;

namespace {

config::Parsed parsed(std::vector<const char*> flags) {
  flags.insert(flags.begin(), "vitald");
  return config::parse(static_cast<int>(flags.size()), flags.data(), config::web_options());
}

}  // namespace

TEST_SUITE("config/web_options") {
  TEST_CASE("limits and times as they are unless told otherwise") {
    const auto usual = config::web_settings_from(parsed({}).options);
    CHECK(usual.connections == 16384);
    CHECK(usual.connections_per_address == 0);
    CHECK(usual.line_bytes == 8192);
    CHECK(usual.head_bytes == 32768);
    CHECK(usual.body_bytes == 65536);
    CHECK(usual.streams == 256);
    CHECK(usual.head == 10s);
    CHECK(usual.body == 10s);
    CHECK(usual.idle == 5min);
    CHECK(usual.write == 30s);
    CHECK(usual.trusts_loopback);
    CHECK(usual.hosts.empty());
  }

  TEST_CASE("what is given") {
    const auto given = config::web_settings_from(
        parsed({"--web.max-connections=+20", "--web.idle-timeout=90s", "--no-web.trust-loopback", "--no-web.socket",
                "--web.host=a.example", "--web.host=b-c"})
            .options);
    CHECK(given.connections == 20);
    CHECK(given.idle == 90s);
    CHECK_FALSE(given.trusts_loopback);
    CHECK_FALSE(given.default_socket);
    CHECK(given.hosts == std::vector<std::string>{"a.example", "b-c"});
  }

  TEST_CASE("what would leave nothing to serve with is refused") {
    for (const char* wrong : {"--web.max-connections=0", "--web.max-line-bytes=1", "--web.max-header-bytes=-1",
                              "--web.max-body-bytes=9", "--web.body-timeout=0s", "--web.header-timeout=0",
                              "--web.write-timeout=x", "--web.host=", "--web.host=a:1", "--web.host=http://a"})
      CHECK_MESSAGE(parsed({wrong}).errors.size() == 1, wrong);
  }
}

}  // namespace web_options_test
