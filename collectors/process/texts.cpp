#include "collectors/process/texts.hpp"

#include "collectors/process/key_lines.hpp"

namespace vitald::process {
namespace {

bool skip_words(std::string_view& line, int count) {
  while (count-- > 0)
    if (scan::take_word(line).empty()) return false;
  return true;
}

bool parse_numbers(std::string_view rest, Stat& out) {
  const bool head = scan::numbers(rest, out.parent) && skip_words(rest, 5) && scan::numbers(rest, out.minor_faults) &&
                    skip_words(rest, 1) && scan::numbers(rest, out.major_faults) && skip_words(rest, 1);
  return head && scan::numbers(rest, out.user_ticks, out.system_ticks) && skip_words(rest, 4) &&
         scan::numbers(rest, out.threads) && skip_words(rest, 1) &&
         scan::numbers(rest, out.start_ticks, out.virtual_bytes, out.resident_pages);
}

}  // namespace

Result<void> parse_stat(std::string_view text, Stat& out) {
  if (!text.ends_with('\n')) return Fault{text.empty() ? Parse::empty : Parse::truncated, "stat"};
  // The name may hold blanks, parentheses and newlines; behind it stand numbers only.
  const auto open = text.find(" ("), close = text.rfind(") ");
  if (open == text.npos || close == text.npos || close < open + 2 || close + 3 >= text.size())
    return Fault{Parse::unknown_layout, "stat"};
  if (!scan::number(text.substr(0, open), out.pid)) return Fault{Parse::not_a_number, "stat"};
  out.name = text.substr(open + 2, close - open - 2);
  out.state = text[close + 2];
  text.remove_suffix(1);
  if (!parse_numbers(text.substr(close + 3), out)) return Fault{Parse::not_a_number, "stat"};
  return {};
}

// A newline in the name is escaped here.
Result<void> parse_status(std::string_view text, Status& out) {
  out.swapped_bytes.reset();
  return each_key(text, "status", 3, [&](std::string_view key, std::string_view rest) {
    if (key == "Uid") return scan::take_word(rest).empty() || !scan::numbers(rest, out.effective_user) ? -1 : 1;
    if (key == "VmSwap") return kibibytes(rest, out.swapped_bytes.emplace()) ? 0 : -1;
    if (key == "voluntary_ctxt_switches") return scan::numbers(rest, out.voluntary_switches) ? 1 : -1;
    if (key == "nonvoluntary_ctxt_switches") return scan::numbers(rest, out.involuntary_switches) ? 1 : -1;
    return 0;
  });
}

Result<void> parse_io(std::string_view text, Io& out) {
  return each_key(text, "io", 2, [&](std::string_view key, std::string_view rest) {
    if (key == "read_bytes") return scan::numbers(rest, out.read_bytes) ? 1 : -1;
    if (key == "write_bytes") return scan::numbers(rest, out.write_bytes) ? 1 : -1;
    return 0;
  });
}

Result<void> parse_smaps_rollup(std::string_view text, Proportional& out) {
  out = {};
  return each_key(text, "smaps_rollup", 1, [&](std::string_view key, std::string_view rest) {
    if (key == "Pss") return kibibytes(rest, out.resident_bytes) ? 1 : -1;
    if (key == "SwapPss") return kibibytes(rest, out.swapped_bytes) ? 0 : -1;
    return 0;
  });
}

Result<void> parse_limits(std::string_view text, std::optional<std::uint64_t>& open_files) {
  constexpr std::string_view name = "Max open files ";
  std::string_view line;
  open_files.reset();
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, "limits", number};
    if (!line.starts_with(name)) continue;
    line.remove_prefix(name.size());
    const auto soft = scan::take_word(line);
    if (soft != "unlimited" && !scan::number(soft, open_files.emplace()))
      return Fault{Parse::not_a_number, "limits", number};
    return {};
  }
  return Fault{Parse::truncated, "limits"};
}

std::string_view take_argument(std::string_view& command) { return scan::take_until(command, '\0'); }

std::string_view parse_command(std::string_view text) {
  while (text.ends_with('\0')) text.remove_suffix(1);
  return text;
}

bool take_cgroup(std::string_view& text, std::string_view& path) {
  while (!text.empty()) {
    path = scan::take_line(text);
    scan::take_until(path, ':');
    scan::take_until(path, ':');
    if (!path.empty()) return true;
  }
  return false;
}

}  // namespace vitald::process
