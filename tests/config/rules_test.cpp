#include "tests/config/support.hpp"

#include <doctest/doctest.h>

namespace rules_test {

using namespace vitald;
using test::parsed, test::Texts;

TEST_SUITE("config/rules") {
  TEST_CASE("a value of the wrong kind is told with its flag") {
    CHECK(parsed({"--collector.disk.workers=abc"}).errors ==
          Texts{"--collector.disk.workers=abc: it is not a whole number"});
    CHECK(parsed({"--collector.disk.workers=0"}).errors == Texts{"--collector.disk.workers=0: it must be at least 1"});
    CHECK(parsed({"--collector.disk.patience=5"}).errors ==
          Texts{"--collector.disk.patience=5: it is not a duration, such as 100ms or 5s"});
    CHECK(parsed({"--collector.disk.patience=0"}).errors ==
          Texts{"--collector.disk.patience=0: it must be at least 1ns"});
    CHECK(parsed({"--web.freshness=-1s"}).errors == Texts{"--web.freshness=-1s: it must not be negative"});
    CHECK(parsed({"--log.level=loud"}).errors == Texts{"--log.level=loud: it must be debug, info, warn or error"});
    CHECK(parsed({"--log.format=xml"}).errors == Texts{"--log.format=xml: it must be logfmt or json"});
    CHECK(parsed({"--log.format=JSON"}).errors == Texts{"--log.format=JSON: it must be logfmt or json"});
    CHECK(parsed({"--web.listen-address=:no-such-service"}).errors ==
          Texts{"--web.listen-address=:no-such-service: the port is neither a number from 0 to 65535 nor a service of "
                "TCP in /etc/services"});
    CHECK(parsed({"--web.listen-address=abc"}).errors ==
          Texts{"--web.listen-address=abc: the port is missing, as in :9100"});
    CHECK(parsed({"--web.telemetry-path=metrics"}).errors ==
          Texts{"--web.telemetry-path=metrics: it must begin with a slash"});
    CHECK(parsed({"--path.procfs="}).errors == Texts{"--path.procfs=: it must not be empty"});
    const auto expression = parsed({"--collector.disk.include=("}).errors;
    REQUIRE(expression.size() == 1);
    CHECK(expression[0].starts_with("--collector.disk.include=(: missing )"));
    for (const char* number : {"", "+", "++1", "+-1", "1.5", "1e3", "0x10", " 1", "1 ", "99999999999999999999"})
      CHECK_MESSAGE(parsed({("--collector.disk.workers=" + std::string(number)).c_str()}).errors.size() == 1, number);
    for (const char* path : {"", "/a b", "/a?b", "/\xFF", "/a#", "/%41"})
      CHECK_MESSAGE(parsed({("--web.telemetry-path=" + std::string(path)).c_str()}).errors.size() == 1, path);
  }

  TEST_CASE("the metrics must not hide the daemon's own pages") {
    for (const char* path : {"/-/", "/-/healthy", "/api/", "/api/v1/collectors"})
      CHECK_MESSAGE(parsed({("--web.telemetry-path=" + std::string(path)).c_str()}).errors ==
                        Texts{"--web.telemetry-path=" + std::string(path) +
                              ": the daemon's own pages are there: /-/… and /api/…"},
                    path);
    for (const char* path : {"/m", "/-", "/-m", "/api", "/apis/m", "/m/api/v1", "//"})
      CHECK_MESSAGE(parsed({("--web.telemetry-path=" + std::string(path)).c_str()}).errors.empty(), path);
  }

  TEST_CASE("good values pass") {
    CHECK(
        parsed({"--collector.disk.workers=+5", "--collector.disk.patience=1ns", "--web.freshness=0", "--log.level=warn",
                "--log.format=json", "--web.telemetry-path=/api", "--collector.disk.include=^sd[a-z]+$"})
            .errors.empty());
    CHECK(parsed({"--web.listen-address=:0", "--web.listen-address=[::1]:9100", "--web.listen-address=localhost:1"})
              .errors.empty());
  }

  TEST_CASE("every value of a repeatable flag is checked") {
    CHECK(parsed({"--web.listen-address=a", "--web.listen-address=:1", "--web.listen-address=b"}).errors.size() == 2);
  }

  TEST_CASE("two flags that exclude each other are refused once, unless one is empty") {
    CHECK(parsed({"--collector.disk.exclude=a", "--collector.disk.include=b"}).errors ==
          Texts{"--collector.disk.exclude and --collector.disk.include exclude each other"});
    CHECK(parsed({"--collector.disk.exclude=", "--collector.disk.include=b"}).errors.empty());
    CHECK(parsed({"--collector.disk.include=b"}).errors.empty());
    CHECK(parsed({"--collector.disk.ignored=a", "--collector.disk.include=b"}).errors ==
          Texts{"--collector.disk.exclude and --collector.disk.include exclude each other"});
  }

  TEST_CASE("an old name's value goes to the new flag, with one warning") {
    const auto old = parsed({"--collector.disk.ignored=^x"});
    CHECK(old.errors.empty());
    CHECK(old.warnings == Texts{"--collector.disk.ignored is deprecated, use --collector.disk.exclude"});
    CHECK(old.options.text("collector.disk.exclude") == "^x");
    CHECK(old.options.given("collector.disk.exclude"));
    CHECK(parsed({"--collector.disk.ignored=("}).errors.size() == 1);
    for (const auto& both : {parsed({"--collector.disk.ignored=a", "--collector.disk.exclude=b"}),
                             parsed({"--collector.disk.exclude=b", "--collector.disk.ignored=a"})})
      CHECK(both.errors ==
            Texts{"--collector.disk.ignored is the old name of --collector.disk.exclude, give only one of them"});
  }

  TEST_CASE("flags without effect are accepted with a warning when given") {
    const auto all = parsed({"--web.max-requests=10", "--runtime.gomaxprocs=2"});
    CHECK(all.errors.empty());
    CHECK(all.unsupported_flags.empty());
    CHECK(std::ranges::count(all.warnings, "--web.max-requests is accepted but has no effect") == 1);
    CHECK(std::ranges::count(all.warnings, "--runtime.gomaxprocs is accepted but has no effect") == 1);
    CHECK(all.warnings.size() == 2);
  }

  TEST_CASE("a peer's collector that is not here is told only when switched on") {
    const auto on = parsed({"--collector.hwmon", "--collector.wifi"});
    CHECK(on.errors.empty());
    CHECK(on.missing_collectors == Texts{"hwmon", "wifi"});
    CHECK(on.unsupported_flags == Texts{"collector.hwmon", "collector.wifi"});
    CHECK(on.warnings == Texts{"--collector.hwmon asks for a collector that is not in this build",
                               "--collector.wifi asks for a collector that is not in this build"});
    const auto off = parsed({"--no-collector.hwmon"});
    CHECK(off.errors.empty());
    CHECK(off.warnings.empty());
    CHECK(off.unsupported_flags.empty());
    CHECK(off.missing_collectors.empty());
  }

  TEST_CASE("a peer's option that is not here is accepted, checked and told") {
    const auto all = parsed({"--collector.hwmon.chip-include=^a", "--collector.textfile.directory=/a",
                             "--collector.textfile.directory=/b", "--no-collector.arp.netlink"});
    CHECK(all.errors.empty());
    CHECK(all.missing_collectors.empty());
    CHECK(all.unsupported_flags.size() == 3);
    CHECK(std::ranges::count(all.warnings,
                             "--collector.textfile.directory is not supported by this build and has no effect") == 1);
    CHECK(all.warnings.size() == 3);
    CHECK(parsed({"--collector.ntp.server-port=x"}).errors.size() == 1);
    CHECK(parsed({"--collector.ntp.max-distance=3"}).errors.size() == 1);
    CHECK(parsed({"--collector.ntp.server=a", "--collector.ntp.server=b"}).errors.size() == 1);
    CHECK(parsed({"--collector.hwmon", "--no-collector.hwmon"}).errors.size() == 1);
  }
}

}  // namespace rules_test
