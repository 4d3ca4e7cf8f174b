#include "config/process_options.hpp"

#include "config/capabilities.hpp"
#include "tests/config/support.hpp"

#include <doctest/doctest.h>

namespace process_options_test {

using namespace vitald;

namespace {

config::ProcessSettings settings(const std::vector<const char*>& words) {
  const auto parsed = test::parsed(words);
  REQUIRE(parsed.errors.empty());
  return config::process_settings(parsed.options);
}

}  // namespace

TEST_SUITE("config/process_options") {
  TEST_CASE("unless told otherwise it stays in the foreground, as whom it is") {
    const auto all = settings({});
    CHECK_FALSE(all.daemon);
    CHECK(all.pid_file.empty());
    CHECK(all.user.empty());
    CHECK(all.log_file.empty());
    CHECK(all.log_to == config::LogTo::chosen);
    CHECK(all.keep_capabilities.empty());
    CHECK(all.drain == std::chrono::seconds(2));
  }

  TEST_CASE("each flag comes to its setting") {
    const auto all = settings({"--daemon", "--pid-file=/run/v.pid", "--user=nobody", "--keep-capability=CAP_SYS_PTRACE",
                               "--keep-capability=cap_dac_read_search", "--drain-timeout=0s", "--log.target=syslog"});
    CHECK(all.daemon);
    CHECK(all.pid_file == "/run/v.pid");
    CHECK(all.user == "nobody");
    CHECK(all.keep_capabilities == test::Texts{"CAP_SYS_PTRACE", "cap_dac_read_search"});
    CHECK(all.drain == std::chrono::seconds(0));
    CHECK(all.log_to == config::LogTo::syslog);
    CHECK(settings({"--log.file=/x"}).log_file == "/x");
  }

  TEST_CASE("what cannot be is refused, with the flags' names") {
    for (const char* wrong : {"--log.target=paper", "--drain-timeout=-1s", "--drain-timeout=soon"})
      CHECK(test::parsed({wrong}).errors.size() == 1);
    CHECK(test::parsed({"--user=x", "--keep-capability=CAP_FLY"}).errors ==
          test::Texts{"--keep-capability=CAP_FLY: it is no capability, such as CAP_DAC_READ_SEARCH"});
    CHECK(test::parsed({"--keep-capability=CAP_KILL"}).errors == test::Texts{"--keep-capability needs --user"});
    CHECK(test::parsed({"--log.file=/x", "--log.target=syslog"}).errors ==
          test::Texts{"--log.file and --log.target exclude each other"});
    CHECK(test::parsed({"--daemon", "--web.systemd-socket"}).errors ==
          test::Texts{"--daemon and --web.systemd-socket exclude each other"});
    const auto errors = test::parsed({"--daemon", "--log.target=stderr"}).errors;
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].starts_with("--daemon and --log.target=stderr exclude each other"));
  }

  TEST_CASE("capabilities by their number in the kernel, however they are spelled") {
    CHECK(config::capability_number("CAP_CHOWN") == 0);
    CHECK(config::capability_number("cap_dac_read_search") == 2);
    CHECK(config::capability_number("net_bind_service") == 10);
    CHECK(config::capability_number("Cap_Sys_Ptrace") == 19);
    CHECK(config::capability_number("CAP_SYSLOG") == 34);
    CHECK(config::capability_number("CAP_CHECKPOINT_RESTORE") == 40);
    for (const char* none : {"", "CAP_", "CAP", "CAP_CAP_CHOWN", "chown ", "40"})
      CHECK_FALSE(config::capability_number(none).has_value());
  }
}

}  // namespace process_options_test
