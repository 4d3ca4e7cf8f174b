#pragma once
// What the options come to, as plain values. Checked before; nothing can fail here.
#include "config/address.hpp"
#include "config/process_options.hpp"
#include "config/vocabulary.hpp"
#include "config/watch_options.hpp"
#include "config/web_options.hpp"

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace vitald::config {

enum class LogLevel : std::uint8_t { debug, info, warn, error };
enum class LogFormat : std::uint8_t { logfmt, json };

struct Settings {
  std::vector<Address> listen, groups_listen;
  bool systemd_socket = false;
  WebSettings web;
  std::string telemetry_path;
  std::string web_config;  // the file; empty: none
  std::chrono::nanoseconds freshness{}, deadline{};
  bool exporter_metrics = true;
  std::string procfs, sysfs, rootfs, udev_data;  // without a slash at the end, but for "/" itself
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::logfmt;
  ProcessSettings process;
  WatchesSettings watches;
  std::set<std::string, std::less<>> collectors;  // those that are on
};

// `options` as parsed without errors.
Settings settings_from(const Options& options, std::span<const Switch> collectors);

}  // namespace vitald::config
