// Listings for people and for programs.
#include "collectors/base/scan.hpp"
#include "collectors/base/utf8.hpp"
#include "daemon/ps/rows.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace vitald::ps {
namespace {

struct Title {
  std::string_view field, text;
};
constexpr Title titles[] = {{"pid", "PID"},
                            {"user", "USER"},
                            {"state", "STATE"},
                            {"cpu_percent", "CPU%"},
                            {"memory_percent", "MEM%"},
                            {"memory.rss_bytes", "RSS"},
                            {"num_threads", "THREADS"},
                            {"cpu_times.user_seconds_total", "USER-S"},
                            {"cpu_times.system_seconds_total", "SYS-S"},
                            {"name", "NAME"},
                            {"cmdline", "COMMAND"}};

std::string title_of(const std::string& field, bool usual) {
  const auto at = std::ranges::find(titles, field, &Title::field);
  return usual && at != std::end(titles) ? std::string(at->text) : field;
}

// "1.5G"; below 10 KiB as it is.
std::string with_unit(const std::string& number) {
  constexpr std::string_view units = "KMGTPE";
  double bytes = 0;
  if (!scan::number(std::string_view(number), bytes) || bytes < 10'240) return number;
  std::size_t unit = 0;
  for (bytes /= 1024; bytes >= 1024 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), bytes < 100 ? "%.1f%c" : "%.0f%c", bytes, units[unit]);
  return text.data();
}

std::string shown(const Cell& cell, const std::string& field) {
  if (!cell.known) return "-";
  if (cell.number && field.find("_bytes") != field.npos) return with_unit(cell.text);
  std::string text;
  for (const char c : cell.text) text += (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) ? '?' : c;
  return text;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (; !text.empty(); ++width) text.remove_prefix(utf8::next(text).size());
  return width;
}

std::string_view cut(std::string_view text, std::size_t width) {
  auto rest = text;
  while (width-- > 0 && !rest.empty()) rest.remove_prefix(utf8::next(rest).size());
  return text.substr(0, text.size() - rest.size());
}

struct ColumnOf {
  std::vector<std::string> texts;  // the title first
  std::size_t width = 0;
  bool right = true;  // numbers only
};

ColumnOf column_of(const Listing& listing, std::size_t place, bool usual) {
  ColumnOf made;
  const auto& field = listing.columns[place];
  made.texts.push_back(title_of(field, usual));
  for (const auto& row : listing.rows) {
    made.texts.push_back(shown(row[place], field));
    made.right &= row[place].number || !row[place].known;
  }
  for (const auto& text : made.texts) made.width = std::max(made.width, width_of(text));
  return made;
}

std::string line_of(const std::vector<ColumnOf>& columns, std::size_t row) {
  std::string line;
  for (const auto& column : columns) {
    const auto& text = column.texts[row];
    const std::string blanks(column.width - width_of(text), ' ');
    if (!line.empty()) line += "  ";
    line += column.right ? blanks + text : text + blanks;
  }
  return line;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of("\",\r\n") == text.npos) return text;
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

}  // namespace

std::string table_of(const Listing& listing, std::size_t width, bool usual) {
  std::vector<ColumnOf> columns;
  for (std::size_t i = 0; i < listing.columns.size(); ++i) columns.push_back(column_of(listing, i, usual));
  std::string out;
  for (std::size_t row = 0; row <= listing.rows.size(); ++row) {
    const auto line = line_of(columns, row);
    const auto visible = width == 0 ? std::string_view(line) : cut(line, width);
    out.append(visible.substr(0, visible.find_last_not_of(' ') + 1)).append("\n");
  }
  return out;
}

std::string csv_of(const Listing& listing) {
  std::string out;
  const auto add = [&](const auto& texts, const auto& text_of) {
    std::string_view comma;
    for (const auto& each : texts) out.append(std::exchange(comma, ",")).append(quoted(text_of(each)));
    out += "\r\n";
  };
  add(listing.columns, [](const std::string& name) { return name; });
  for (const auto& row : listing.rows) add(row, [](const Cell& cell) { return cell.text; });
  return out;
}

}  // namespace vitald::ps
