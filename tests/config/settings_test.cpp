#include "config/settings.hpp"

#include "tests/config/support.hpp"

#include <doctest/doctest.h>

namespace settings_test {

using namespace vitald;
using namespace std::chrono_literals;
using config::Address, config::LogFormat, config::LogLevel;

namespace {

config::Settings settings(const std::vector<const char*>& words) {
  const auto parsed = test::parsed(words);
  REQUIRE(parsed.errors.empty());
  return config::settings_from(parsed.options, test::switches);
}

using Names = std::set<std::string, std::less<>>;

}  // namespace

TEST_SUITE("config/settings") {
  TEST_CASE("the defaults") {
    const auto all = settings({});
    CHECK(all.listen == std::vector<Address>{{"", 9100}});
    CHECK(all.telemetry_path == "/metrics");
    CHECK(all.freshness == 100ms);
    CHECK(all.deadline == 5s);
    CHECK(all.exporter_metrics);
    CHECK(all.procfs == "/proc");
    CHECK(all.sysfs == "/sys");
    CHECK(all.rootfs == "/");
    CHECK(all.udev_data == "/run/udev/data");
    CHECK(all.log_level == LogLevel::info);
    CHECK(all.log_format == LogFormat::logfmt);
    CHECK(all.collectors == Names{"disk"});
  }

  TEST_CASE("what was given arrives") {
    const auto all = settings({"--web.listen-address=[::1]:1", "--web.listen-address=localhost:2",
                               "--web.telemetry-path=/m", "--web.freshness=0", "--collector.deadline=1m",
                               "--web.disable-exporter-metrics", "--log.level=debug", "--log.format=json"});
    CHECK(all.listen == std::vector<Address>{{"::1", 1}, {"localhost", 2}});
    CHECK(all.telemetry_path == "/m");
    CHECK(all.freshness == 0ns);
    CHECK(all.deadline == 60s);
    CHECK(!all.exporter_metrics);
    CHECK(all.log_level == LogLevel::debug);
    CHECK(all.log_format == LogFormat::json);
    CHECK(settings({"--log.level=warn"}).log_level == LogLevel::warn);
    CHECK(settings({"--log.level=error"}).log_level == LogLevel::error);
    CHECK(settings({"--log.level=DEBUG"}).log_level == LogLevel::debug);
    CHECK(settings({"--log.level=Warn"}).log_level == LogLevel::warn);
    CHECK(settings({"--log.level=ERROR"}).log_level == LogLevel::error);
    CHECK(settings({"--log.level=INFO"}).log_level == LogLevel::info);
  }

  TEST_CASE("folders lose the slashes at their end, the root keeps its own") {
    const auto all =
        settings({"--path.procfs=/host/proc/", "--path.sysfs=//", "--path.rootfs=/host//", "--path.udev.data="});
    CHECK(all.procfs == "/host/proc");
    CHECK(all.sysfs == "/");
    CHECK(all.rootfs == "/host");
    CHECK(all.udev_data == "");
    CHECK(settings({"--path.rootfs="}).rootfs == "/");
  }

  TEST_CASE("a collector is on by default or by flag, and the flag wins") {
    CHECK(settings({"--collector.rare"}).collectors == Names{"disk", "rare"});
    CHECK(settings({"--no-collector.disk"}).collectors == Names{});
    CHECK(settings({"--collector.disable-defaults"}).collectors == Names{});
    CHECK(settings({"--collector.disable-defaults", "--collector.disk"}).collectors == Names{"disk"});
    CHECK(settings({"--collector.disable-defaults", "--collector.rare"}).collectors == Names{"rare"});
    CHECK(settings({"--no-collector.disk", "--collector.hwmon"}).collectors == Names{});
  }
}

}  // namespace settings_test
