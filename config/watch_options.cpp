#include "config/watch_options.hpp"

#include "collectors/base/duration.hpp"
#include "collectors/base/scan.hpp"
#include "config/file/leaves.hpp"

#include <algorithm>
#include <set>

namespace vitald::config {
namespace {

using enum Option::Kind;

constexpr std::string_view watch_group = "Watches";
constexpr std::string_view watch_kinds[] = {"created", "deleted", "moved", "modified", "closed", "attributes"};

bool is_whole_path(std::string_view path) {
  if (!path.starts_with('/') || (path.size() > 1 && path.ends_with('/'))) return false;
  for (auto rest = path.substr(1); !rest.empty();) {
    const auto part = scan::take_until(rest, '/');
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

std::string_view whole_path(std::string_view value) {
  return value.empty() || is_whole_path(value) ? std::string_view{} : "it must be a whole path, without . and ..";
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

std::string_view watch(std::string_view value) {
  WatchSettings ignored;
  return value.empty() ? std::string_view{} : read_watch(value, ignored);
}

constexpr Option watch_table[] = {
    {.flag = "watches",
     .initial = "",
     .help =
         "A directory to be watched: {name: NAME, path: /PATH, recursive: true, sizes: false, include: ['*.log'], "
         "exclude: [tmp], "
         "events: [created, deleted, moved, modified, closed, attributes]}; all but name and path as they are here, or "
         "without. May be repeated.",
     .repeatable = true,
     .check = watch,
     .group = watch_group},
    {.flag = "watch.roots",
     .initial = "",
     .help = "Directories below which POST /api/v1/watches may watch. May be repeated; without it, nowhere.",
     .repeatable = true,
     .check = whole_path,
     .group = watch_group},
    {.flag = "watch.max-entries",
     .kind = integer,
     .initial = "1000000",
     .help = "Files and directories that a watch keeps in mind; what is beyond is not seen, and that is told.",
     .at_least = 1,
     .group = watch_group},
    {.flag = "watch.poll-interval",
     .kind = duration,
     .initial = "10s",
     .help = "How often a watched directory is looked at where the kernel tells nothing: on network and FUSE file "
             "systems.",
     .at_least = 100'000'000,
     .group = watch_group},
};

// Of a key and its values.
std::string_view take_watch_key(const Leaf& leaf, WatchSettings& out) {
  const auto& key = leaf.path.back().text;
  const bool one = leaf.kind == Leaf::Kind::scalar;
  if (leaf.path.size() != 1 || leaf.kind == Leaf::Kind::nothing)
    return "each of its keys has a value, or a list of them";
  if (key == "include") return out.include = leaf.values, "";
  if (key == "exclude") return out.exclude = leaf.values, "";
  if (key == "events") return out.events = leaf.values, "";
  if (!one) return "name, path, recursive and sizes have one value each";
  const auto& value = leaf.values.front();
  if (key == "name") return out.name = value, "";
  if (key == "path") return out.path = value, "";
  if (key != "recursive" && key != "sizes")
    return "it has name, path, recursive, sizes, include, exclude and events, and no other keys";
  if (value != "true" && value != "false") return "recursive and sizes must be true or false";
  (key == "sizes" ? out.sizes : out.recursive) = value == "true";
  return "";
}

}  // namespace

std::span<const Option> watch_options() { return watch_table; }

std::string_view read_watch(std::string_view text, WatchSettings& out) {
  const auto leaves = read_leaves(text);
  if (!leaves.faults.empty() || leaves.all.empty()) return "it must be {name: NAME, path: /PATH, ...}";
  for (const auto& leaf : leaves.all)
    if (const auto fault = take_watch_key(leaf, out); !fault.empty()) return fault;
  if (!is_name(out.name)) return "its name must be of 1 to 64 letters, digits, dots, dashes and underscores";
  if (!is_whole_path(out.path)) return "its path must be whole, without . and ..";
  const auto known = [](const std::string& kind) {
    return std::ranges::find(watch_kinds, kind) != std::end(watch_kinds);
  };
  if (!std::ranges::all_of(out.events, known))
    return "its events are some of created, deleted, moved, modified, closed, attributes";
  return {};
}

WatchesSettings watches_settings(const Options& options) {
  WatchesSettings settings;
  for (const auto& text : options.values("watches"))
    if (!text.empty()) read_watch(text, settings.all.emplace_back());
  for (const auto& root : options.values("watch.roots"))
    if (!root.empty()) settings.roots.push_back(root);
  scan::number(options.text("watch.max-entries"), settings.max_entries);
  settings.poll_every = parse_duration(options.text("watch.poll-interval")).value_or(std::chrono::seconds(10));
  return settings;
}

std::vector<std::string> watch_contradictions(const Options& options) {
  std::vector<std::string> faults;
  std::set<std::string> names;
  for (const auto& text : options.values("watches")) {
    WatchSettings one;
    if (!text.empty() && read_watch(text, one).empty() && !names.insert(one.name).second)
      faults.push_back("watches: two are named " + one.name);
  }
  return faults;
}

}  // namespace vitald::config
