// The texts of kstats (module/os/linux/spl/spl-kstat.c of OpenZFS).
#include "collectors/filesystem/zfs_kstat.hpp"

#include "collectors/base/scan.hpp"
#include "collectors/filesystem/zfs.hpp"

#include <algorithm>

namespace vitald::filesystem {
namespace {

constexpr std::string_view source = "/proc/spl/kstat/zfs";
constexpr std::size_t most_rows = 1024;  // arcstats has some 150

constexpr std::string_view io_names[] = {"nread",   "nwritten", "reads",    "writes",  "wtime", "wlentime",
                                         "wupdate", "rtime",    "rlentime", "rupdate", "wcnt",  "rcnt"};

}  // namespace

// "13 1 0x01 96 26112 5215 395818", whatever it says
Result<void> KstatLines::begin() {
  if (rest_.empty()) return fault(Parse::empty);
  std::string_view line;
  std::uint64_t id = 0;
  if (!take(line)) return fault(Parse::truncated);
  return scan::numbers(line, id) ? Result<void>{} : fault(Parse::unknown_layout);
}

bool KstatLines::take(std::string_view& line) {
  ++number_;
  return scan::take_whole_line(rest_, line);
}

Fault KstatLines::fault(Parse code) const { return {code, source, number_}; }

Result<bool> KstatLines::next(KstatLine& out) {
  std::string_view line;
  if (number_ == 1) {
    if (!take(line)) return fault(Parse::truncated);
    for (const std::string_view word : {"name", "type", "data"})
      if (scan::take_word(line) != word) return fault(Parse::unknown_layout);
  }
  if (rest_.empty()) return false;
  if (!take(line)) return fault(Parse::truncated);
  out.name = scan::take_word(line);
  std::uint32_t type = 0;
  if (!scan::numbers(line, type)) return fault(Parse::not_a_number);
  out.text = scan::trimmed(line);
  out.value = {};
  std::int64_t integer = 0;
  std::uint64_t natural = 0;
  if (type == 3) {  // KSTAT_DATA_INT64
    if (!scan::number(out.text, integer)) return fault(Parse::not_a_number);
    out.value = integer;
  }
  if (type == 4) {  // KSTAT_DATA_UINT64
    if (!scan::number(out.text, natural)) return fault(Parse::not_a_number);
    out.value = natural;
  }
  return true;
}

std::string_view KstatNames::family(std::size_t position, std::string_view name) {
  if (position < known_.size() && known_[position].name == name) return known_[position].family;
  known_.resize(std::min(position, known_.size()));
  Known made{name, {}};
  for (const char c : name) made.family += c == '-' ? '_' : c;
  const auto same = [&](const Known& before) { return before.family == made.family.view(); };
  if (!scan::plain(made.family) || std::ranges::any_of(known_, same)) made.family.clear();
  return known_.emplace_back(std::move(made)).family;
}

Result<void> parse_kstat(std::string_view text, KstatNames& names, Sheet<Kstat>& out) {
  KstatLines lines(text);
  if (const auto begun = lines.begin(); !begun) return begun;
  KstatLine line;
  for (std::size_t position = 0;;) {
    const auto more = lines.next(line);
    if (!more) return more.error();
    if (!*more) return {};
    if (line.value.kind == Value::Kind::absent) continue;
    if (position == most_rows) return lines.fault(Parse::too_large);
    const auto family = names.family(position++, line.name);
    if (family.empty()) continue;  // called like one before it, or as no metric can be
    auto& row = out.next();
    row.name = family;
    row.value = line.value;
  }
}

Result<void> parse_pool_state(std::string_view text, PoolState& out) {
  constexpr std::pair<std::string_view, std::uint64_t PoolState::*> states[] = {
      {"DEGRADED", &PoolState::degraded}, {"FAULTED", &PoolState::faulted}, {"OFFLINE", &PoolState::offline},
      {"ONLINE", &PoolState::online},     {"REMOVED", &PoolState::removed}, {"SUSPENDED", &PoolState::suspended},
      {"UNAVAIL", &PoolState::unavail}};
  std::string_view line;
  if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, source, 1};
  if (!scan::plain(line)) return Fault{Parse::unknown_layout, source, 1};
  for (const auto& [name, state] : states) out.*state = line == name;  // none of them: "TRANSITIONING"
  return {};
}

Result<void> parse_pool_io(std::string_view text, PoolIo& out) {
  KstatLines lines(text);
  if (const auto begun = lines.begin(); !begun) return begun;
  std::string_view line;
  if (!lines.take(line)) return lines.fault(Parse::truncated);
  for (const auto name : io_names)
    if (scan::take_word(line) != name) return lines.fault(Parse::unknown_layout);
  if (!lines.take(line)) return lines.fault(Parse::truncated);
  for (auto& number : out.numbers)
    if (!scan::numbers(line, number.emplace())) return lines.fault(Parse::not_a_number);
  return {};
}

}  // namespace vitald::filesystem
