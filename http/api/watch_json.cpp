#include "http/api/watch_json.hpp"

#include "collectors/base/utf8.hpp"
#include "http/encode/base64.hpp"
#include "http/encode/json.hpp"

namespace vitald::http {
namespace {

constexpr double per_second = 1e9;

void watch_number(Out& out, std::string_view key, std::uint64_t value) {
  out << ",\"" << key << "\":";
  out.number(value);
}

void watch_text(Out& out, std::string_view key, std::string_view value) {
  out << ",\"" << key << "\":";
  encode::quoted(out, value);
}

void watch_seconds(Out& out, std::string_view key, double value) {
  out << ",\"" << key << "\":";
  encode::json_number(out, value);
}

void watch_list(Out& out, std::string_view key, const std::vector<std::string>& all) {
  out << ",\"" << key << "\":[";
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i != 0) out << ',';
    encode::quoted(out, all[i]);
  }
  out << ']';
}

void what_is_missing(Out& out, const watch::Standing& standing) {
  watch_number(out, "directories_not_watched", standing.unwatched);
  watch_number(out, "directories_not_readable", standing.unreadable);
  watch_number(out, "entries_left_out", standing.left_out);
  watch_number(out, "mounts_left_out", standing.foreign);
}

void what_files_hold(Out& out, const watch::Sizes& sizes) {
  watch_number(out, "bytes", sizes.bytes);
  if (sizes.files == 0) return;
  watch_seconds(out, "newest_mtime_seconds", static_cast<double>(sizes.newest_ns) / per_second);
  watch_seconds(out, "oldest_mtime_seconds", static_cast<double>(sizes.oldest_ns) / per_second);
}

}  // namespace

void write_watch(Out& out, const Watches::Item& item) {
  const auto& [settings, report, ephemeral] = item;
  const auto& standing = report.standing;
  out << "{\"name\":";
  encode::quoted(out, settings.name);
  write_watch_path(out << ',', "path", settings.path);
  out << ",\"recursive\":" << (settings.recursive ? "true" : "false");
  out << ",\"ephemeral\":" << (ephemeral ? "true" : "false");
  watch_list(out, "include", settings.include);
  watch_list(out, "exclude", settings.exclude);
  watch_text(out, "state", name_of(standing.state));
  if (!standing.reason.empty()) watch_text(out, "reason", standing.reason);
  out << ",\"ready\":" << (standing.ready ? "true" : "false")
      << ",\"backend\":" << (standing.state == watch::State::polling ? "\"polling\"" : "\"inotify\"");
  watch_number(out, "entries", standing.entries);
  watch_number(out, "directories", standing.folders);
  watch_number(out, "kernel_watches", standing.watches);
  if (standing.sizes) what_files_hold(out, *standing.sizes);
  what_is_missing(out, standing);
  watch_number(out, "overflows", standing.overflows);
  watch_number(out, "index_bytes", standing.bytes);
  out << ",\"events\":{\"first\":";
  out.number(report.first);
  watch_number(out, "last", report.last);
  watch_number(out, "kept", report.kept);
  watch_number(out, "most_kept", report.most_kept);
  watch_seconds(out, "lag_seconds", report.lag_seconds);
  out << "}}";
}

void write_watch_path(Out& out, std::string_view key, std::string_view path) {
  out << '"' << key << "\":";
  encode::quoted(out, path);
  if (!utf8::all_valid(path)) out << ",\"" << key << "_b64\":\"" << encode::base64(path) << '"';
}

void write_watch_event(Out& out, const watch::Event& event, std::string_view id_of) {
  out << "{\"id\":\"" << id_of;
  out.number(event.sequence);
  out << "\",\"seq\":";
  out.number(event.sequence);
  watch_seconds(out, "time_seconds", static_cast<double>(event.time_ns) / per_second);
  watch_text(out, "type", name_of(event.type));
  if (event.type >= watch::Type::ready) {
    if (!event.why.empty()) watch_text(out, "reason", event.why);
    watch_number(out, "count", event.count);
    return void(out << '}');
  }
  write_watch_path(out << ',', "path", event.path);
  if (event.type == watch::Type::moved || event.type == watch::Type::exchanged)
    write_watch_path(out << ',', "dest_path", event.target);
  out << ",\"is_dir\":" << (event.folder ? "true" : "false");
  if (event.known) {
    watch_number(out, "size", event.size);
    watch_seconds(out, "mtime_seconds", static_cast<double>(event.mtime_ns) / per_second);
    watch_number(out, "inode", event.inode);
  }
  if (event.cookie != 0) watch_number(out, "cookie", event.cookie);
  if (event.synthetic) out << ",\"synthetic\":true";
  if (event.count != 1) watch_number(out, "count", event.count);
  out << '}';
}

}  // namespace vitald::http
