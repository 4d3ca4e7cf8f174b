#include "collectors/cpu/processors.hpp"

#include "collectors/base/kernel_dir.hpp"
#include "collectors/base/scan.hpp"

#include <algorithm>
#include <bitset>

namespace vitald::cpu {
namespace {

constexpr std::string_view source = "/proc/stat";

// The kernel counts hundredths of a second here, whatever its own clock is.
bool take_seconds(std::string_view word, double& seconds) {
  std::uint64_t ticks = 0;
  if (!scan::number(word, ticks)) return false;
  seconds = static_cast<double>(ticks) / 100;
  return true;
}

// Guests are missing from kernels before 2.6.33.
bool take_guest(std::string_view& line, std::optional<double>& seconds) {
  const auto word = scan::take_word(line);
  return word.empty() || take_seconds(word, seconds.emplace());
}

bool take_modes(std::string_view line, Processor& row) {
  for (auto* mode : {&row.user, &row.nice, &row.system, &row.idle, &row.iowait, &row.irq, &row.softirq, &row.steal})
    if (!take_seconds(scan::take_word(line), *mode)) return false;
  return take_guest(line, row.guest_user) && take_guest(line, row.guest_nice);
}

}  // namespace

Result<void> parse_processors(std::string_view text, Sheet<Processor>& out) {
  std::bitset<most_processors> seen;
  std::size_t line = 1;
  for (std::string_view rest; !text.empty(); ++line) {
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, line};
    const auto name = scan::take_word(rest);
    if (!name.starts_with("cpu") || name == "cpu") continue;  // "cpu" alone is the sum of all
    std::uint32_t number = 0;
    if (!numbered(name, "cpu", number)) return Fault{Parse::not_a_number, source, line};
    if (number >= seen.size()) return Fault{Parse::too_large, source, line};
    auto& row = out.next();
    if (!take_modes(rest, row)) return Fault{Parse::not_a_number, source, line};
    row.number = number;
    row.cpu = name.substr(3);
    if (seen[number]) out.drop_last();
    seen[number] = true;
  }
  if (seen.none()) return Fault{Parse::empty, source};
  return {};
}

void carry_on(const Processor& before, Processor& now) {
  if (before.idle - now.idle >= 3) return;  // compared as seconds: the peer's rounding decides at the edge
  for (const auto mode : {&Processor::user, &Processor::nice, &Processor::system, &Processor::idle, &Processor::iowait,
                          &Processor::irq, &Processor::softirq, &Processor::steal})
    now.*mode = std::max(before.*mode, now.*mode);
  for (const auto mode : {&Processor::guest_user, &Processor::guest_nice})
    if (now.*mode && before.*mode) now.*mode = std::max(before.*mode, now.*mode);
}

void Counters::carry_on(std::span<Processor> now) {
  spare_.resize(now.size());
  std::size_t next = 0;  // where the row's own past stands, as long as none has come or gone
  for (std::size_t i = 0; i < now.size(); ++i) {
    const auto is_it = [&](const Processor& each) { return each.number == now[i].number; };
    auto past = std::find_if(before_.begin() + static_cast<std::ptrdiff_t>(next), before_.end(), is_it);
    if (past == before_.end()) past = std::find_if(before_.begin(), before_.end(), is_it);
    if (past != before_.end()) {
      cpu::carry_on(*past, now[i]);
      next = static_cast<std::size_t>(past - before_.begin()) + 1;
    }
    spare_[i] = now[i];
  }
  before_.swap(spare_);
}

bool Counters::same_processors(std::span<const Processor> now) const {
  return std::ranges::equal(before_, now, {}, &Processor::number, &Processor::number);
}

}  // namespace vitald::cpu
