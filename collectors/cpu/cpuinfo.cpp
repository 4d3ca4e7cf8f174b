#include "collectors/cpu/cpuinfo.hpp"

#include "collectors/base/scan.hpp"
#include "collectors/cpu/processors.hpp"

#include <algorithm>
#include <bitset>

namespace vitald::cpu {
namespace {

constexpr std::string_view source = "/proc/cpuinfo";

struct Field {
  std::string_view key;
  Text Description::*member = nullptr;
};
constexpr Field x86_fields[] = {
    {"vendor_id", &Description::vendor},     {"cpu family", &Description::family},
    {"model", &Description::model},          {"model name", &Description::model_name},
    {"stepping", &Description::stepping},    {"microcode", &Description::microcode},
    {"cache size", &Description::cachesize}, {"physical id", &Description::package},
    {"core id", &Description::core},
};
constexpr Field arm_fields[] = {{"model name", &Description::model_name}};
constexpr Field s390x_fields[] = {{"physical id", &Description::package}, {"core id", &Description::core}};
constexpr Field ppc_fields[] = {{"cpu", &Description::vendor}};
constexpr Field riscv_fields[] = {{"hart", &Description::core}, {"isa", &Description::model_name}};
constexpr Field mips_fields[] = {{"cpu model", &Description::model_name}};
constexpr Field loongarch_fields[] = {{"Model Name", &Description::model_name}};

struct Wording {
  std::span<const Field> fields;  // of one processor
  Field of_all = {};              // told once, before the first processor
  std::string_view flags = {}, megahertz = {};
  bool flags_of_all = false;     // told once, wherever that is
  bool unit_follows = false;     // "2200.000000MHz"
  bool blank_line_ends = false;  // a processor, and lines on the whole machine follow
};

constexpr Wording wording_of(Architecture architecture) {
  switch (architecture) {
    case Architecture::x86: return {.fields = x86_fields, .flags = "flags", .megahertz = "cpu MHz"};
    case Architecture::arm:
      return {.fields = arm_fields,
              .of_all = {"Processor", &Description::model_name},
              .flags = "Features",
              .flags_of_all = true};
    case Architecture::s390x:
      return {.fields = s390x_fields,
              .of_all = {"vendor_id", &Description::vendor},
              .flags = "features",
              .megahertz = "cpu MHz dynamic",
              .flags_of_all = true,
              .unit_follows = true};
    case Architecture::ppc:
      return {.fields = ppc_fields, .megahertz = "clock", .unit_follows = true, .blank_line_ends = true};
    case Architecture::riscv: return {.fields = riscv_fields};
    case Architecture::mips: return {.fields = mips_fields};
    case Architecture::loongarch: return {.fields = loongarch_fields};
  }
  return {};
}

class Reader {
 public:
  Reader(Architecture architecture, Sheet<Description>& out, FirstProcessor& first)
      : architecture_(architecture), wording_(wording_of(architecture)), out_(out), first_(first) {}

  Result<void> take(std::string_view value, std::size_t line) {
    const bool blank = scan::trimmed(value).empty();
    any_ = any_ || !blank;
    if (blank && wording_.blank_line_ends) row_ = nullptr;
    if (value.find(':') == value.npos) return {};
    const auto key = scan::trimmed(scan::take_until(value, ':'));
    if (key.empty()) return {};
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    if (std::string_view number; begins(key, value, number))
      if (const auto code = begin(number); code) return Fault{*code, source, line};
    if (key == "cpu number" && architecture_ == Architecture::s390x) row_ = next_block();
    store_common(key, value);
    if (row_ == nullptr) return {};
    if (!store_megahertz(key, scan::trimmed(value))) return Fault{Parse::not_a_number, source, line};
    for (const auto& field : wording_.fields)
      if (field.key == key) row_->*field.member = value;
    return {};
  }

  bool any() const { return any_; }

 private:
  // Whether the line begins a processor, and which.
  bool begins(std::string_view key, std::string_view value, std::string_view& number) const {
    if (architecture_ == Architecture::s390x) {  // "processor 0: version = FF"
      if (scan::take_word(key) != "processor") return false;
      number = scan::trimmed(key);
      return true;
    }
    // Older ARM kernels that were built for one processor do not number it.
    const bool only_one = architecture_ == Architecture::arm && row_ == nullptr && key == "BogoMIPS";
    number = only_one ? "0" : scan::trimmed(value);
    return only_one || key == "processor";
  }

  std::optional<Parse> begin(std::string_view text) {
    std::uint32_t number = 0;
    if (!scan::number(text, number)) return Parse::not_a_number;
    if (number >= seen_.size()) return Parse::too_large;
    row_ = seen_[number] ? &ignored_ : &out_.next();
    row_->cpu = text;
    if (wording_.of_all.member) row_->*wording_.of_all.member = of_all_;
    seen_[number] = true;
    return {};
  }

  // On s390x all processors are listed first, and what they are is told behind that in the same order.
  Description* next_block() {
    const auto rows = out_.view();
    return blocks_ < rows.size() ? &rows[blocks_++] : nullptr;
  }

  void store_common(std::string_view key, std::string_view value) {
    if (key == wording_.of_all.key && out_.view().empty()) of_all_ = value;
    const bool of_first = out_.view().size() == 1 && row_ != nullptr && row_ != &ignored_;
    if (key == wording_.flags && (wording_.flags_of_all || of_first)) first_.flags = value;
    if (key == "bugs" && of_first) first_.bugs = value;
  }

  bool store_megahertz(std::string_view key, std::string_view text) {
    if (key != wording_.megahertz || text == "Unknown") return true;
    if (wording_.unit_follows) text = text.substr(0, text.find_first_not_of("0123456789."));
    double megahertz = 0;
    if (!scan::number(text, megahertz)) return false;
    row_->megahertz = megahertz;
    return true;
  }

  Architecture architecture_;
  Wording wording_;
  Sheet<Description>& out_;
  FirstProcessor& first_;
  std::bitset<most_processors> seen_;
  Description* row_ = nullptr;  // that lines are about now; some kernels begin with lines on the whole machine
  Description ignored_;         // where a processor that was told of before goes
  std::string_view of_all_;
  std::size_t blocks_ = 0;
  bool any_ = false;
};

}  // namespace

Result<void> parse_cpuinfo(std::string_view text, Sheet<Description>& out, FirstProcessor& first,
                           Architecture architecture) {
  Reader reader(architecture, out, first);
  std::string_view rest;
  for (std::size_t line = 1; !text.empty(); ++line) {
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, line};
    if (const auto taken = reader.take(rest, line); !taken) return taken;
  }
  if (!reader.any()) return Fault{Parse::empty, source};
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
