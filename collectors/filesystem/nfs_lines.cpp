// The texts of /proc/net/rpc.
#include "collectors/base/scan.hpp"
#include "collectors/filesystem/nfs.hpp"

#include <algorithm>

namespace vitald::filesystem {
namespace {

// Takes as many of the rows as the table shows methods.
std::span<NfsRequests> rows_of(const NfsMethods& table, std::span<NfsRequests>& rows) {
  const auto shown = std::ranges::count_if(table.names, [](std::string_view name) { return !name.empty(); });
  const auto head = rows.first(static_cast<std::size_t>(shown));
  rows = rows.subspan(head.size());
  return head;
}

Result<void> take_methods(std::string_view rest, const NfsMethods& table, std::span<NfsRequests> rows) {
  std::uint64_t announced = 1, came = 0, value = 0;
  if (table.count != NfsMethods::Count::bare && !scan::numbers(rest, announced)) return Fault{Parse::not_a_number, {}};
  if (table.count == NfsMethods::Count::exact && announced != table.names.size())
    return Fault{Parse::unknown_layout, {}};
  for (auto word = scan::take_word(rest); !word.empty(); word = scan::take_word(rest), ++came) {
    if (!scan::number(word, value)) return Fault{Parse::not_a_number, {}};
    if (came >= table.names.size() || table.names[came].empty()) continue;
    rows.front().count = value;
    rows = rows.subspan(1);
  }
  if (came != announced) return Fault{Parse::truncated, {}};
  return {};
}

Result<void> take_line(std::string_view line, const NfsText& how, std::span<std::optional<std::uint64_t>> numbers,
                       std::span<NfsRequests> requests) {
  auto rest = line;
  const auto word = scan::take_word(rest);
  for (const auto& table : how.methods) {
    const auto rows = rows_of(table, requests);
    if (table.line == word) return take_methods(rest, table, rows);
  }
  return take_numbered_line(line, how.places, numbers);
}

}  // namespace

Result<void> parse_nfs_text(std::string_view text, const NfsText& how, std::span<std::optional<std::uint64_t>> numbers,
                            Sheet<NfsRequests>& requests) {
  if (text.empty()) return Fault{Parse::empty, how.source};
  for (const auto& table : how.methods)
    for (const auto name : table.names)
      if (!name.empty()) requests.next() = {name, table.proto, 0};
  std::string_view line;
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, how.source, number};
    const auto taken = take_line(line, how, numbers, requests.view());
    if (!taken) return Fault{taken.error().code, how.source, number};
  }
  if (!all_numbered_lines_came(how.places, numbers)) return Fault{Parse::truncated, how.source};
  return {};
}

}  // namespace vitald::filesystem
