#include "collectors/process/facts.hpp"

#include "collectors/process/key_lines.hpp"

#include <algorithm>

namespace vitald::process {
namespace {

// The words behind the name, counted as proc(5) does: the state is the third.
class Words {
 public:
  explicit Words(std::string_view rest) : rest_(rest) {}
  template <class Number>
  bool at(int place, Number& out) {
    while (next_ < place) {
      if (scan::take_word(rest_).empty()) return false;
      ++next_;
    }
    ++next_;
    return scan::numbers(rest_, out);
  }

 private:
  std::string_view rest_;
  int next_ = 3;
};

bool three(std::string_view rest, std::uint32_t (&out)[3]) { return scan::numbers(rest, out[0], out[1], out[2]); }

bool some_kibibytes(std::string_view rest, std::optional<std::uint64_t>& out) { return kibibytes(rest, out.emplace()); }

// 0: a key for others; 1: an optional one, understood; -1: not understood.
int memory_of(std::string_view key, std::string_view rest, FullStatus& out) {
  const auto taken = [&](std::optional<std::uint64_t>& to) { return some_kibibytes(rest, to) ? 1 : -1; };
  if (key == "VmPeak") return taken(out.peak_virtual);
  if (key == "VmHWM") return taken(out.peak_resident);
  if (key == "RssAnon") return taken(out.anonymous);
  if (key == "RssFile") return taken(out.file);
  if (key == "RssShmem") return taken(out.shmem);
  if (key == "VmSwap") return taken(out.swap);
  if (key == "HugetlbPages") return taken(out.hugetlb);
  return 0;
}

}  // namespace

Result<void> parse_full_stat(std::string_view text, FullStat& out) {
  if (const auto parsed = parse_stat(text, out); !parsed) return parsed;
  text.remove_suffix(1);
  Words words(text.substr(text.rfind(") ") + 2));
  const bool good = words.at(5, out.process_group) && words.at(6, out.session) && words.at(7, out.terminal) &&
                    words.at(16, out.children_user_ticks) && words.at(17, out.children_system_ticks) &&
                    words.at(18, out.priority) && words.at(19, out.nice);
  if (!good) return Fault{Parse::not_a_number, "stat"};
  out.processor = out.realtime_priority = 0;
  if (words.at(39, out.processor)) words.at(40, out.realtime_priority);
  return {};
}

Result<void> parse_full_status(std::string_view text, FullStatus& out) {
  out = {};
  return each_key(text, "status", 4, [&](std::string_view key, std::string_view rest) {
    if (key == "Uid") return three(rest, out.users) ? 1 : -1;
    if (key == "Gid") return three(rest, out.groups) ? 1 : -1;
    if (key == "voluntary_ctxt_switches") return scan::numbers(rest, out.voluntary_switches) ? 1 : -1;
    if (key == "nonvoluntary_ctxt_switches") return scan::numbers(rest, out.involuntary_switches) ? 1 : -1;
    if (key == "Cpus_allowed_list") out.processors = scan::trimmed(rest);
    return std::min(memory_of(key, rest, out), 0);
  });
}

Result<void> parse_full_io(std::string_view text, FullIo& out) {
  return each_key(text, "io", 7, [&](std::string_view key, std::string_view rest) {
    const auto taken = [&](std::uint64_t& to) { return scan::numbers(rest, to) ? 1 : -1; };
    if (key == "rchar") return taken(out.read_chars);
    if (key == "wchar") return taken(out.write_chars);
    if (key == "syscr") return taken(out.reads);
    if (key == "syscw") return taken(out.writes);
    if (key == "read_bytes") return taken(out.read_bytes);
    if (key == "write_bytes") return taken(out.write_bytes);
    if (key == "cancelled_write_bytes") return taken(out.cancelled_write_bytes);
    return 0;
  });
}

Result<void> parse_statm(std::string_view text, PagesOf& out) {
  std::uint64_t size = 0, resident = 0, library = 0;
  std::string_view line;
  if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, "statm"};
  if (!scan::numbers(line, size, resident, out.shared, out.text, library, out.data))
    return Fault{Parse::not_a_number, "statm"};
  return {};
}

Result<void> parse_footprint(std::string_view text, Footprint& out) {
  out = {};
  return each_key(text, "smaps_rollup", 1, [&](std::string_view key, std::string_view rest) {
    std::uint64_t bytes = 0;
    if (key.starts_with("Private_")) {
      if (!kibibytes(rest, bytes)) return -1;
      out.unique_bytes += bytes;
      return 0;
    }
    if (key == "Pss") return kibibytes(rest, out.proportional_bytes) ? 1 : -1;
    if (key == "SwapPss") return kibibytes(rest, out.proportional_swap_bytes) ? 0 : -1;
    return 0;
  });
}

}  // namespace vitald::process
