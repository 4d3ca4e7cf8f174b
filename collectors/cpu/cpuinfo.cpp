#include "collectors/cpu/cpuinfo.hpp"

#include "collectors/base/scan.hpp"
#include "collectors/cpu/processors.hpp"

#include <bitset>

namespace vitald::cpu {
namespace {

constexpr std::string_view source = "/proc/cpuinfo";

struct Field {
  std::string_view key;
  Text Description::*member;
};
constexpr Field fields[] = {
    {"vendor_id", &Description::vendor},     {"cpu family", &Description::family},
    {"model", &Description::model},          {"model name", &Description::model_name},
    {"stepping", &Description::stepping},    {"microcode", &Description::microcode},
    {"cache size", &Description::cachesize}, {"physical id", &Description::package},
    {"core id", &Description::core},
};

}  // namespace

Result<void> parse_cpuinfo(std::string_view text, Sheet<Description>& out, FirstProcessor& first) {
  std::bitset<most_processors> seen;
  Description* row = nullptr;
  Description ignored;  // where a processor that was told of before goes
  std::size_t line = 1;
  for (std::string_view value; !text.empty(); ++line) {
    if (!scan::take_whole_line(text, value)) return Fault{Parse::truncated, source, line};
    if (scan::trimmed(value).empty()) continue;
    if (value.find(':') == value.npos) return Fault{Parse::unknown_layout, source, line};
    const auto key = scan::trimmed(scan::take_until(value, ':'));
    value = scan::trimmed(value);
    if (key == "processor") {
      std::uint32_t number = 0;
      if (!scan::number(value, number)) return Fault{Parse::not_a_number, source, line};
      if (number >= seen.size()) return Fault{Parse::too_large, source, line};
      row = seen[number] ? &ignored : &out.next();
      row->cpu = value;
      seen[number] = true;
    }
    if (row == nullptr) continue;  // some kernels begin with lines on the whole machine
    if (key == "cpu MHz" && value != "Unknown") {
      double megahertz = 0;
      if (!scan::number(value, megahertz)) return Fault{Parse::not_a_number, source, line};
      row->megahertz = megahertz;
    }
    for (const auto& field : fields)
      if (field.key == key) row->*field.member = value;
    if (out.view().size() == 1 && row != &ignored) {
      if (key == "flags") first.flags = value;
      if (key == "bugs") first.bugs = value;
    }
  }
  if (row == nullptr) return Fault{Parse::empty, source};
  return {};
}

void pick_traits(std::string_view words, SeenNames& wanted, Sheet<Trait>& out) {
  wanted.begin();
  while (true) {
    const auto word = scan::take_word(words);
    if (word.empty()) return;
    if (wanted.keeps(word)) out.next().name = word;
  }
}

}  // namespace vitald::cpu
