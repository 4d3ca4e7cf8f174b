#include "daemon/watch_metrics.hpp"

#include "daemon/own_metrics.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace vitald {
namespace {

using WatchItems = std::vector<http::Watches::Item>;

using WatchValue = std::optional<double>;

struct WatchFamily {
  std::string_view name;
  WatchValue (*value)(const watch::Report&);
};

double plain_number(std::uint64_t value) { return static_cast<double>(value); }

WatchValue time_of_files(const watch::Report& of, std::int64_t watch::Sizes::*time) {
  const auto& sizes = of.standing.sizes;
  if (!sizes || sizes->files == 0) return std::nullopt;
  return static_cast<double>((*sizes).*time) / 1e9;
}

constexpr WatchFamily watch_families[] = {
    {"vitald_watch_ready", [](const watch::Report& of) -> WatchValue { return of.standing.ready ? 1.0 : 0.0; }},
    {"vitald_watch_entries", [](const watch::Report& of) -> WatchValue { return plain_number(of.standing.entries); }},
    {"vitald_watch_directories",
     [](const watch::Report& of) -> WatchValue { return plain_number(of.standing.folders); }},
    {"vitald_watch_kernel_watches",
     [](const watch::Report& of) -> WatchValue { return plain_number(of.standing.watches); }},
    {"vitald_watch_missing",
     [](const watch::Report& of) -> WatchValue {
       const auto& now = of.standing;
       return plain_number(now.unwatched + now.unreadable + now.left_out + now.foreign);
     }},
    {"vitald_watch_files",
     [](const watch::Report& of) -> WatchValue {
       if (!of.standing.ready) return std::nullopt;
       return plain_number(of.standing.entries + 1 - of.standing.folders);
     }},
    {"vitald_watch_bytes",
     [](const watch::Report& of) -> WatchValue {
       if (!of.standing.sizes) return std::nullopt;
       return plain_number(of.standing.sizes->bytes);
     }},
    {"vitald_watch_newest_mtime_seconds",
     [](const watch::Report& of) { return time_of_files(of, &watch::Sizes::newest_ns); }},
    {"vitald_watch_oldest_mtime_seconds",
     [](const watch::Report& of) { return time_of_files(of, &watch::Sizes::oldest_ns); }},
    {"vitald_watch_overflows_total",
     [](const watch::Report& of) -> WatchValue { return plain_number(of.standing.overflows); }},
    {"vitald_watch_kept_events", [](const watch::Report& of) -> WatchValue { return plain_number(of.kept); }},
    {"vitald_watch_most_kept_events", [](const watch::Report& of) -> WatchValue { return plain_number(of.most_kept); }},
    {"vitald_watch_index_bytes", [](const watch::Report& of) -> WatchValue { return plain_number(of.standing.bytes); }},
    {"vitald_watch_lag_seconds", [](const watch::Report& of) -> WatchValue { return of.lag_seconds; }},
};

void watch_head(Out& out, std::string_view name, encode::Format format) {
  const auto about = *std::ranges::find(own_family_table(), name, &http::OwnFamily::name);
  encode::head(out, {{}, name, {}, about.help, about.type == Type::counter ? "counter" : "gauge"}, format);
}

// Names of watches need no escapes.
void watch_line(Out& out, std::string_view name, std::string_view label, std::string_view of, std::string_view watch,
                double value) {
  out << name << '{';
  if (!label.empty()) out << label << "=\"" << of << "\",";
  out << "watch=\"" << watch << "\"} ";
  encode::number(out, value);
  out << '\n';
}

void write_watch_events(const WatchItems& items, Out& out, encode::Format format) {
  constexpr std::string_view name = "vitald_watch_events_total";
  watch_head(out, name, format);
  for (const auto& item : items)
    for (std::size_t type = 0; type < watch::types; ++type)
      watch_line(out, name, "type", watch::type_names[type], item.settings.name,
                 plain_number(item.report.events[type]));
}

void write_watch_states(const WatchItems& items, Out& out, encode::Format format) {
  constexpr std::string_view name = "vitald_watch_state";
  watch_head(out, name, format);
  for (const auto& item : items)
    for (const auto state : watch::state_names)
      watch_line(out, name, "state", state, item.settings.name, name_of(item.report.standing.state) == state ? 1 : 0);
}

void write_watch_family(const WatchFamily& family, const WatchItems& items, Out& out, encode::Format format) {
  bool headed = false;
  for (const auto& item : items)
    if (const auto value = family.value(item.report)) {
      if (!std::exchange(headed, true)) watch_head(out, family.name, format);
      watch_line(out, family.name, {}, {}, item.settings.name, *value);
    }
}

void write_common(Out& out, std::string_view name, std::uint64_t value, encode::Format format) {
  watch_head(out, name, format);
  out << name << ' ';
  encode::number(out, value);
  out << '\n';
}

}  // namespace

void write_watch_metrics(const http::Watches& watches, Out& out, encode::Format format) {
  WatchItems items;
  for (const auto& name : watches.names())
    if (auto item = watches.item(name)) items.push_back(std::move(*item));
  if (items.empty()) return;
  write_watch_events(items, out, format);
  write_watch_states(items, out, format);
  for (const auto& family : watch_families) write_watch_family(family, items, out, format);
  const auto common = watches.common();
  if (common.watches_allowed != 0)
    write_common(out, "vitald_watch_kernel_watches_allowed", common.watches_allowed, format);
  write_common(out, "vitald_watch_most_waiting_bytes", common.most_waiting_bytes, format);
}

}  // namespace vitald
