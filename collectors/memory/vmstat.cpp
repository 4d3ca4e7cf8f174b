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

bool Fields::keeps(std::string_view name) {
  ++matched_;
  const auto same = [&](const Lines::Line& before) { return before.head == name; };
  return wanted_.found_in(name) && std::ranges::none_of(lines_.before(), same);  // of repeated ones the first
}

Result<const Fields::Lines::Line*> Fields::take(std::string_view& text, std::uint64_t& value) {
  if (const auto* known = lines_.take(text, value)) return known;
  auto rest = scan::take_line(text);
  const auto name = scan::take_word(rest);
  if (!scan::numbers(rest, value)) return Fault{Parse::not_a_number, {}};
  if (!scan::plain(name) || !scan::take_word(rest).empty()) return Fault{Parse::unknown_layout, {}};
  return lines_.learn(name, "\n", {keeps(name)});
}

// ---- parse: text -> rows

Result<void> parse_vmstat(std::string_view text, Fields& fields, Sheet<Count>& out) {
  if (text.empty()) return Fault{Parse::empty, "vmstat"};
  if (text.back() != '\n') return Fault{Parse::truncated, "vmstat"};  // a cut number would look like a whole one
  fields.begin();
  for (std::size_t line = 1; !text.empty(); ++line) {
    if (line > most_lines) return Fault{Parse::too_large, "vmstat", line};
    std::uint64_t value = 0;
    const auto taken = fields.take(text, value);
    if (!taken) return Fault{taken.error().code, "vmstat", line};
    if (!(*taken)->made.kept) continue;
    auto& row = out.next();
    row.name = (*taken)->head;
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
      : file_(environment.roots.proc + "/vmstat"),
        fields_(even_if_empty(environment.options.text("collector.vmstat.fields"))) {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    return parse_vmstat(*text, fields_, page.sheet(table));
  }

 private:
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
