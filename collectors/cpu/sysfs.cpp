#include "collectors/cpu/sysfs.hpp"

#include "collectors/base/digits.hpp"
#include "collectors/cpu/processors.hpp"

#include <algorithm>
#include <bitset>

namespace vitald::cpu {
namespace {

constexpr auto one_value = KernelFile::Holds::value;

bool is_natural(std::string_view text) {
  std::uint64_t number = 0;
  return scan::number(text, number);
}

template <class Row>
bool store(std::string_view text, Row& row) {
  return scan::lone_number(text, row.count);
}
bool store(std::string_view text, Online& row) {
  row.online = scan::lone(text) == "1" ? 1 : 0;
  return true;
}

}  // namespace

Result<void> parse_isolated(std::string_view list, Sheet<Isolated>& out) {
  constexpr std::string_view source = "/sys/devices/system/cpu/isolated";
  std::bitset<most_processors> isolated;
  for (auto line = scan::take_line(list); !line.empty();) {
    auto range = scan::take_until(line, ',');
    const bool one = range.find('-') == range.npos;
    std::size_t from = 0, to = 0;
    if (!scan::number(scan::take_until(range, '-'), from)) return Fault{Parse::not_a_number, source, 1};
    if (!one && !scan::number(range, to)) return Fault{Parse::not_a_number, source, 1};
    if (one) to = from;
    if (to < from) return Fault{Parse::unknown_layout, source, 1};
    if (to >= isolated.size()) return Fault{Parse::too_large, source, 1};
    while (from <= to) isolated.set(from++);
  }
  for (std::size_t i = 0; i < isolated.size(); ++i)
    if (isolated[i]) out.next().cpu = std::string_view(std::to_string(i));
  return {};
}

SysFiles::SysFiles(const std::string& sys, Trust trust)
    : trust_(trust),
      folder_(sys + "/devices/system/cpu"),
      one_({}, one_value),
      present_(folder_.path() + "/present", one_value),
      isolated_file_(folder_.path() + "/isolated", one_value) {}

Result<void> SysFiles::collect(bool same_processors, Into into) {
  const bool present = still_present();
  if (planned_ && present && same_processors) {
    if (reread(cores_, into.cores) && reread(packages_, into.packages) && reread(online_, into.online)) return {};
    into.cores.rewind();
    into.packages.rewind();
    into.online.rewind();
  }
  return walk(into);
}

Result<void> SysFiles::isolated(Sheet<Isolated>& out) {
  if (!isolated_known_) {
    const auto text = isolated_file_.read();
    if (!text && text.error().code.category() != boost::system::system_category()) return text.error();
    isolated_.rewind();
    if (text)
      if (const auto parsed = parse_isolated(*text, isolated_); !parsed) return parsed;
    isolated_known_ = text || state_of(text.error()) == State::absent;
  }
  for (const auto& row : isolated_.view()) out.next() = row;
  return {};
}

bool SysFiles::still_present() {
  const auto read = present_.read();
  const auto text = read ? *read : std::string_view{};
  const bool same = present_then_ == text;
  present_then_ = text;
  return same;
}

template <class Row>
bool SysFiles::reread(std::vector<Kept<Row>>& kept, Sheet<Row>& out) {
  for (auto& each : kept) {
    const auto text = each.file.read();
    if (!text || !store(*text, each.row)) return false;
    out.next() = each.row;
  }
  return true;
}

// Of the file that `value` read last.
template <class Row>
void SysFiles::keep(std::vector<Kept<Row>>& kept, const Row& row) {
  if (trusted()) kept.push_back({row, KernelFile(path_, one_value)});
}

Result<void> SysFiles::walk(Into into) {
  planned_ = has_online_ = false;
  cores_.clear();
  packages_.clear();
  online_.clear();
  const auto names = folder_.list();
  if (!names && state_of(names.error()) == State::absent) return {};
  if (!names) return names.error();
  bool first = true;
  for (const auto name : *names) {  // in name order (cpu10 before cpu2): it decides who speaks for a core
    std::uint32_t number = 0;
    if (!numbered(name, "cpu", number)) continue;
    walk_throttles(name, into);
    walk_online(name, first, into);
    first = false;
  }
  planned_ = trusted();
  return {};
}

void SysFiles::walk_throttles(std::string_view name, Into& into) {
  std::string_view text;
  for (const auto& [attribute, id] :
       {std::pair{"topology/physical_package_id", &package_}, {"topology/core_id", &core_}}) {
    if (!read(name, attribute, text)) return;
    const auto number = scan::lone(text);
    if (!is_natural(number)) return;  // "-1": the kernel does not know where it sits
    *id = number;
  }
  std::uint64_t number = 0;
  const auto same_core = [&](const auto& row) { return row.core == core_.view() && row.package == package_.view(); };
  if (std::ranges::none_of(into.cores.view(), same_core) && count(name, "thermal_throttle/core_throttle_count", number))
    keep(cores_, into.cores.next() = {core_, package_, number});
  const auto same_package = [&](const auto& row) { return row.package == package_.view(); };
  if (std::ranges::none_of(into.packages.view(), same_package) &&
      count(name, "thermal_throttle/package_throttle_count", number))
    keep(packages_, into.packages.next() = {package_, number});
}

// The first processor decides for all: where it cannot be taken offline, none is shown.
void SysFiles::walk_online(std::string_view name, bool first, Into& into) {
  if (!first && !has_online_) return;
  std::string_view text;
  if (!read(name, "online", text)) return;
  has_online_ = true;
  auto& row = into.online.next();
  row.cpu = name.substr(3);
  store(text, row);
  keep(online_, row);
}

// False: there is no such attribute, or it cannot be read.
bool SysFiles::read(std::string_view folder, std::string_view attribute, std::string_view& out) {
  path_.assign(folder_.path()).append("/").append(folder).append("/").append(attribute);
  one_.turn_to(path_);
  const auto text = one_.read();
  if (text) out = *text;
  return text.has_value();
}

bool SysFiles::count(std::string_view folder, std::string_view attribute, std::uint64_t& out) {
  std::string_view text;
  return read(folder, attribute, text) && scan::lone_number(text, out);
}

}  // namespace vitald::cpu
