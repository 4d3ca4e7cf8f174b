#include "collectors/process/part_texts.hpp"

#include "collectors/process/key_lines.hpp"

#include <charconv>

namespace vitald::process {
namespace {

constexpr std::size_t most_variables = 10'000, most_maps = 65'536;

// "7f0000000000-7f0000001000 r--p 00000000 08:01 1234      /usr/lib/x": a map begins; else it is a line of one.
bool is_head_of_map(std::string_view line) {
  const auto dash = line.find('-'), blank = line.find(' ');
  const auto colon = line.find(':');
  return dash != line.npos && blank != line.npos && dash < blank && (colon == line.npos || blank < colon);
}

std::string_view path_of_map(std::string_view line) {
  for (int word = 0; word < 5; ++word) scan::take_word(line);
  const auto path = scan::trimmed(line);
  return path.empty() ? std::string_view("[anon]") : path;
}

std::uint64_t* size_of(std::string_view key, ProcessPart::Map& map) {
  if (key == "Size") return &map.size;
  if (key == "Rss") return &map.resident;
  if (key == "Pss") return &map.proportional;
  if (key == "Shared_Clean") return &map.shared_clean;
  if (key == "Shared_Dirty") return &map.shared_dirty;
  if (key == "Private_Clean") return &map.private_clean;
  if (key == "Private_Dirty") return &map.private_dirty;
  if (key == "Referenced") return &map.referenced;
  if (key == "Anonymous") return &map.anonymous;
  return key == "Swap" ? &map.swap : nullptr;
}

bool limit_value(std::string_view word, std::optional<std::uint64_t>& out) {
  out.reset();
  return word == "unlimited" || scan::number(word, out.emplace());
}

// "Max open files" -> "open_files"
std::string limit_name(std::string_view title) {
  if (title.starts_with("Max ")) title.remove_prefix(4);
  std::string name;
  for (const char c : title) name += scan::plain(c) ? static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c) : '_';
  return name;
}

}  // namespace

// Columns of fixed width: the name's is 26 characters long.
Result<void> parse_all_limits(std::string_view text, std::vector<ProcessPart::Limit>& out) {
  constexpr std::size_t name_width = 26;
  out.clear();
  std::string_view line;
  if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, "limits"};
  for (std::size_t number = 2; !text.empty(); ++number) {
    if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, "limits", number};
    if (line.size() <= name_width) return Fault{Parse::unknown_layout, "limits", number};
    auto& limit = out.emplace_back();
    limit.name = limit_name(scan::trimmed(line.substr(0, name_width)));
    line.remove_prefix(name_width);
    if (!limit_value(scan::take_word(line), limit.soft) || !limit_value(scan::take_word(line), limit.hard))
      return Fault{Parse::not_a_number, "limits", number};
    limit.unit = scan::trimmed(line);
  }
  return {};
}

Result<void> parse_smaps(std::string_view text, std::vector<ProcessPart::Map>& out) {
  out.clear();
  std::map<std::string, std::size_t, std::less<>> places;
  ProcessPart::Map* map = nullptr;
  std::string_view line;
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, "smaps", number};
    if (is_head_of_map(line)) {
      const auto path = path_of_map(line);
      const auto [at, is_new] = places.try_emplace(std::string(path), out.size());
      if (is_new && out.size() == most_maps) return Fault{Parse::too_large, "smaps", number};
      if (is_new) out.emplace_back().path = path;
      map = &out[at->second];
      ++map->maps;
      continue;
    }
    if (!map) return Fault{Parse::unknown_layout, "smaps", number};
    auto* const to = size_of(scan::take_until(line, ':'), *map);
    std::uint64_t bytes = 0;
    if (to && !kibibytes(line, bytes)) return Fault{Parse::not_a_number, "smaps", number};
    if (to) *to += bytes;
  }
  return {};
}

void parse_environment(std::string_view text, std::vector<ProcessPart::Variable>& out) {
  out.clear();
  while (!text.empty() && out.size() < most_variables) {
    const auto line = scan::take_until(text, '\0');
    const auto end = line.find('=');
    if (end != line.npos) out.push_back({std::string(line.substr(0, end)), std::string(line.substr(end + 1))});
  }
}

void parse_fdinfo(std::string_view text, ProcessPart::OpenFile& out) {
  for (std::string_view line; scan::take_whole_line(text, line);) {
    const auto key = scan::take_until(line, ':');
    const auto value = scan::trimmed(line);
    std::uint64_t number = 0;
    const int base = key == "flags" ? 8 : 10;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number, base);
    if (error != std::errc{} || end != value.data() + value.size()) continue;
    if (key == "pos") out.position = number;
    if (key == "flags") out.flags = number;
  }
}

void parse_cgroups(std::string_view text, std::vector<ProcessPart::Cgroup>& out) {
  out.clear();
  while (!text.empty()) {
    auto line = scan::take_line(text);
    ProcessPart::Cgroup one;
    if (!scan::number(scan::take_until(line, ':'), one.hierarchy)) continue;
    one.controllers = scan::take_until(line, ':');
    one.path = line;
    out.push_back(std::move(one));
  }
}

bool parse_inode(std::string_view link, std::string_view kind, std::uint64_t& out) {
  if (!link.starts_with(kind)) return false;
  link.remove_prefix(kind.size());
  if (!link.starts_with(":[") || !link.ends_with(']')) return false;
  return scan::number(link.substr(2, link.size() - 3), out);
}

}  // namespace vitald::process
