#include "config/settings.hpp"

#include "collectors/base/duration.hpp"
#include "config/alike.hpp"

#include <stdexcept>

namespace vitald::config {
namespace {

std::chrono::nanoseconds time_of(const Options& options, std::string_view flag) {
  const auto time = parse_duration(options.text(flag));
  if (!time) throw std::invalid_argument(std::string(flag) + " was not checked");
  return *time;
}

std::string folder_of(const Options& options, std::string_view flag) {
  auto path = options.text(flag);
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

LogLevel level_of(std::string_view name) {
  if (alike(name, "debug")) return LogLevel::debug;
  if (alike(name, "warn")) return LogLevel::warn;
  return alike(name, "error") ? LogLevel::error : LogLevel::info;
}

// What was asked for by flag wins over all defaults.
bool is_enabled(const Options& options, const Switch& collector) {
  const auto flag = switch_of(collector.name);
  if (options.given(flag)) return options.on(flag);
  if (!collector.on_with.empty() && !options.text(collector.on_with).empty()) return true;
  return collector.on_by_default && !options.on("collector.disable-defaults");
}

}  // namespace

Settings settings_from(const Options& options, std::span<const Switch> collectors) {
  Settings settings;
  settings.listen = addresses(options.values("web.listen-address"));
  settings.groups_listen = addresses(options.values("process.listen-address"));
  settings.web = web_settings_from(options);
  settings.systemd_socket = options.on("web.systemd-socket");
  settings.web_config = options.text("web.config.file");
  settings.telemetry_path = options.text("web.telemetry-path");
  settings.freshness = time_of(options, "web.freshness");
  settings.deadline = time_of(options, "collector.deadline");
  settings.exporter_metrics = !options.on("web.disable-exporter-metrics");
  settings.procfs = folder_of(options, "path.procfs");
  settings.sysfs = folder_of(options, "path.sysfs");
  settings.rootfs = folder_of(options, "path.rootfs");
  settings.udev_data = folder_of(options, "path.udev.data");
  if (settings.rootfs.empty()) settings.rootfs = "/";  // the peer starts with --path.rootfs= too
  settings.log_level = level_of(options.text("log.level"));
  settings.log_format = options.text("log.format") == "json" ? LogFormat::json : LogFormat::logfmt;
  settings.process = process_settings(options);
  settings.watches = watches_settings(options);
  for (const auto& collector : collectors)
    if (is_enabled(options, collector)) settings.collectors.emplace(collector.name);
  return settings;
}

}  // namespace vitald::config
