#include "collectors/filesystem/bcachefs_text.hpp"

#include "collectors/base/scan.hpp"

namespace vitald::filesystem {
namespace {

using scan::take_word;

// Files of /sys end at a page: of a list that is longer the last line is cut, and passed over.
constexpr std::size_t nearly_a_page = 4000;

// "initial:" without the colon.
bool take_name(std::string_view& line, std::string_view& name) {
  name = scan::trimmed(scan::take_until(line, ':'));
  return !name.empty();
}

}  // namespace

Result<void> parse_compression(std::string_view text, std::string_view uuid, Sheet<Compression>& out) {
  constexpr std::string_view source = "compression_stats";
  scan::take_line(text);  // "type compressed uncompressed average extent size"
  for (std::size_t number = 2; !text.empty(); ++number) {
    auto line = scan::take_line(text);
    auto algorithm = take_word(line);
    if (algorithm.ends_with(':')) algorithm.remove_suffix(1);
    if (algorithm.empty()) continue;
    std::uint64_t compressed = 0, uncompressed = 0;
    if (!take_size(line, compressed) || !take_size(line, uncompressed))
      return Fault{Parse::not_a_number, source, number};
    auto& row = out.next();
    row.algorithm = algorithm;
    row.uuid = uuid;
    row.compressed = compressed;
    row.uncompressed = uncompressed;
  }
  return {};
}

Result<void> parse_btree_writes(std::string_view text, std::string_view uuid, Sheet<BtreeWrites>& out) {
  constexpr std::string_view source = "btree_write_stats";
  scan::take_line(text);  // "nr size"
  for (std::size_t number = 2; !text.empty(); ++number) {
    auto line = scan::take_line(text);
    std::string_view name;
    std::uint64_t count = 0, size = 0;
    if (line.empty()) continue;
    if (line.find(':') == line.npos || !take_name(line, name)) return Fault{Parse::unknown_layout, source, number};
    if (!scan::numbers(line, count) || !take_size(line, size)) return Fault{Parse::not_a_number, source, number};
    auto& row = out.next();
    row.type = name;
    row.uuid = uuid;
    row.count = count;
    row.size = size;
  }
  return {};
}

Result<void> parse_errors(std::string_view text, std::string_view uuid, Sheet<ErrorCount>& out) {
  constexpr std::string_view source = "errors";
  const bool may_be_cut = text.size() > nearly_a_page;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = scan::take_line(text);
    const auto whole = line;
    auto name = take_word(line);
    if (name.empty()) continue;
    if (name.front() == '(') {  // "(unknown error 512)": of a newer version
      const auto end = whole.find(')');
      if (end == whole.npos)
        return text.empty() && may_be_cut ? Result<void>() : Fault{Parse::unknown_layout, source, number};
      name = scan::trimmed(whole.substr(0, end + 1));
      line = whole.substr(end + 1);
    }
    std::uint64_t count = 0, time = 0;
    if (!scan::numbers(line, count, time)) {
      if (text.empty() && may_be_cut) return {};
      return Fault{Parse::not_a_number, source, number};
    }
    auto& row = out.next();
    row.error_type = name;
    row.uuid = uuid;
    row.count = count;
  }
  return {};
}

Result<void> parse_io_done(std::string_view text, std::string_view device, std::string_view uuid,
                           Sheet<Transfer>& out) {
  constexpr std::string_view source = "io_done";
  std::string_view operation;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = scan::take_line(text);
    std::string_view name;
    if (line.empty()) continue;
    if (line.find(':') == line.npos || !take_name(line, name)) return Fault{Parse::unknown_layout, source, number};
    const auto word = take_word(line);
    if (word.empty() && (name == "read" || name == "write")) {
      operation = name;
      continue;
    }
    std::uint64_t bytes = 0;
    if (operation.empty()) return Fault{Parse::unknown_layout, source, number};
    if (!scan::number(word, bytes)) return Fault{Parse::not_a_number, source, number};
    auto& row = out.next();
    row.data_type = name;
    row.device = device;
    row.operation = operation;
    row.uuid = uuid;
    row.bytes = bytes;
  }
  return {};
}

Result<void> parse_io_errors(std::string_view text, std::string_view device, std::string_view uuid,
                             Sheet<DeviceErrors>& out) {
  constexpr std::string_view source = "io_errors";
  bool since_creation = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = scan::take_line(text);
    if (line.starts_with("IO errors since ")) {
      since_creation = line.find("filesystem creation") != line.npos;
      continue;
    }
    std::string_view name;
    std::uint64_t count = 0;
    if (!since_creation || line.empty()) continue;
    if (line.find(':') == line.npos || !take_name(line, name)) return Fault{Parse::unknown_layout, source, number};
    if (!scan::numbers(line, count)) return Fault{Parse::not_a_number, source, number};
    auto& row = out.next();
    row.device = device;
    row.type = name;
    row.uuid = uuid;
    row.count = count;
  }
  return {};
}

Result<void> parse_counter(std::string_view text, std::uint64_t& out) {
  constexpr std::string_view source = "counters", wanted = "since filesystem creation:";
  while (!text.empty()) {
    auto line = scan::take_line(text);
    if (!line.starts_with(wanted)) continue;
    line.remove_prefix(wanted.size());
    if (!take_size(line, out) || !take_word(line).empty()) return Fault{Parse::not_a_number, source};
    return {};
  }
  return Fault{Parse::truncated, source};
}

void family_of_counter(std::string_view name, Text& out) {
  out.clear();
  bool gap = false;
  for (const char c : name) {
    const bool plain = scan::plain(c);
    if (plain || !gap) out += plain ? c : '_';
    gap = !plain;
  }
  out += "_total";
}

}  // namespace vitald::filesystem
