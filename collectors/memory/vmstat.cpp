// Counts of the virtual memory's events, from /proc/vmstat.
#include "collectors/memory/vmstat.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

#include <algorithm>

namespace vitald::memory {
namespace {

constexpr std::size_t most_lines = 4096;  // kernels have some 200

}  // namespace

Fields::Verdict Fields::ask(std::size_t position, std::string_view name) {
  if (position < known_.size()) {
    if (known_[position].name == name) return known_[position].verdict;
    known_.resize(position);  // the names have moved: what comes after is judged anew, too
  }
  const auto verdict = judge(name);
  if (position == known_.size()) known_.push_back({name, verdict});
  return verdict;
}

Fields::Verdict Fields::judge(std::string_view name) {
  if (!scan::plain(name)) return Verdict::odd;
  ++matched_;
  const auto same = [&](const Known& before) { return before.name == name; };
  const bool keep = wanted_.found_in(name) && std::ranges::none_of(known_, same);  // of repeated ones the first
  return keep ? Verdict::keep : Verdict::drop;
}

// ---- parse: text -> rows

Result<void> parse_vmstat(std::string_view text, Fields& fields, Sheet<Count>& out) {
  if (text.empty()) return Fault{Parse::empty, "vmstat"};
  if (text.back() != '\n') return Fault{Parse::truncated, "vmstat"};  // a cut number would look like a whole one
  for (std::size_t line = 1; !text.empty(); ++line) {
    if (line > most_lines) return Fault{Parse::too_large, "vmstat", line};
    auto rest = scan::take_line(text);
    const auto name = scan::take_word(rest);
    std::uint64_t value = 0;
    if (!scan::numbers(rest, value)) return Fault{Parse::not_a_number, "vmstat", line};
    const auto verdict = fields.ask(line - 1, name);
    if (verdict == Fields::Verdict::odd || !scan::take_word(rest).empty())
      return Fault{Parse::unknown_layout, "vmstat", line};
    if (verdict == Fields::Verdict::drop) continue;
    auto& row = out.next();
    row.name = name;
    row.value = value;
  }
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Option options[] = {
    {"collector.vmstat.fields", Option::Kind::regexp, "^(oom_kill|pgpg|pswp|pg.*fault).*",
     "Fields of /proc/vmstat to show, by an expression that is not anchored."},
};
constexpr Column columns[] = {open<&Count::value>(Type::untyped, "vmstat_", "A line of /proc/vmstat.")};
constinit const Table<Count> table{{"vmstat", "/proc/vmstat", {}, columns, named<&Count::name>}};

// ---- read: kernel -> text

class Vmstat final : public Collector {
 public:
  explicit Vmstat(const Environment& environment)
      : file_(environment.roots.proc + "/vmstat"), fields_(expression(environment.options)) {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    return parse_vmstat(*text, fields_, page.sheet(table));
  }

 private:
  // An expression that was given empty is found in every name.
  static std::string_view expression(const Options& given) {
    const auto& text = given.text("collector.vmstat.fields");
    return text.empty() ? std::string_view(".*") : text;
  }

  KernelFile file_;
  Fields fields_;
};

constexpr const Layout* layouts[] = {&table};

constexpr std::string_view needs = "CONFIG_VM_EVENT_COUNTERS.";

}  // namespace

extern constinit const Entry vmstat;
constinit const Entry vmstat{
    "vmstat", "Events of the virtual memory.", true, Entry::Runs::fast, make<Vmstat>, layouts, options, needs};

}  // namespace vitald::memory
