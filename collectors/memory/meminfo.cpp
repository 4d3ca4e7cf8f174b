// Memory in use, from /proc/meminfo.
#include "collectors/memory/meminfo.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

#include <algorithm>

namespace vitald::memory {
namespace {

constexpr std::string_view known[] = {
    "Active_anon_bytes",       "Active_bytes",         "Active_file_bytes",   "AnonHugePages_bytes",
    "AnonPages_bytes",         "Bounce_bytes",         "Buffers_bytes",       "Cached_bytes",
    "CmaFree_bytes",           "CmaTotal_bytes",       "CommitLimit_bytes",   "Committed_AS_bytes",
    "DirectMap1G_bytes",       "DirectMap2M_bytes",    "DirectMap4k_bytes",   "Dirty_bytes",
    "HardwareCorrupted_bytes", "HugePages_Free",       "HugePages_Rsvd",      "HugePages_Surp",
    "HugePages_Total",         "Hugepagesize_bytes",   "Inactive_anon_bytes", "Inactive_bytes",
    "Inactive_file_bytes",     "KernelStack_bytes",    "Mapped_bytes",        "MemAvailable_bytes",
    "MemFree_bytes",           "MemTotal_bytes",       "Mlocked_bytes",       "NFS_Unstable_bytes",
    "PageTables_bytes",        "Percpu_bytes",         "SReclaimable_bytes",  "SUnreclaim_bytes",
    "ShmemHugePages_bytes",    "ShmemPmdMapped_bytes", "Shmem_bytes",         "Slab_bytes",
    "SwapCached_bytes",        "SwapFree_bytes",       "SwapTotal_bytes",     "Unevictable_bytes",
    "VmallocChunk_bytes",      "VmallocTotal_bytes",   "VmallocUsed_bytes",   "WritebackTmp_bytes",
    "Writeback_bytes",         "Zswap_bytes",          "Zswapped_bytes",
};
static_assert(std::ranges::is_sorted(known));

constexpr std::size_t most_lines = 1024;  // kernels have some 60; each new one is compared with those before it

// "Active(anon)" and "kB" make "Active_anon_bytes"; false, and no name, for what cannot stand in a metric's name.
bool spell(std::string_view key, bool bytes, Text& name) {
  const auto open = key.find('(');
  if (open != key.npos) {
    if (!key.ends_with(')')) return false;
    key.remove_suffix(1);
  }
  for (std::size_t i = 0; i < key.size(); ++i)
    if (i != open && !scan::plain(key[i])) return false;
  name = key.substr(0, open);
  if (open != key.npos) (name += '_') += key.substr(open + 1);
  if (bytes) name += "_bytes";
  return true;
}

// Without blanks: in a line that was cut or overwritten they come before the colon.
bool one_word(std::string_view key) { return !key.empty() && std::ranges::none_of(key, scan::blank); }

}  // namespace

bool shown_by_default(std::string_view name) { return std::ranges::binary_search(known, name); }

// "MemTotal:       16000000 kB"
Result<const Amounts::Meaning*> Amounts::learn(std::string_view line, std::uint64_t& value) {
  auto rest = line;
  const auto key = scan::take_until(rest, ':');
  if (key.size() == line.size()) return Fault{Parse::truncated, {}};
  if (!scan::numbers(rest, value)) return Fault{Parse::not_a_number, {}};
  const auto unit = scan::take_word(rest);
  const bool in_kib = unit == "kB";
  Meaning made{{}, in_kib ? 1024u : 1u, false, false};
  if ((!in_kib && !unit.empty()) || !scan::take_word(rest).empty() || !one_word(key))
    return Fault{Parse::unknown_layout, {}};
  made.shown = spell(key, in_kib, made.name) && (all_ || shown_by_default(made.name.view()));
  made.counted = all_ && made.name.view().ends_with("_total");
  const auto same = [&](const Lines::Line& before) { return before.made.name == made.name.view(); };
  if (made.shown && std::ranges::any_of(lines_.before(), same)) return Fault{Parse::unknown_layout, {}};
  if (lines_.before().size() >= most_lines && made.shown) return Fault{Parse::too_large, {}};
  if (lines_.before().size() >= most_lines) return &passed_by_;
  return &lines_.learn(line.substr(0, key.size() + 1), in_kib ? " kB\n" : "\n", std::move(made))->made;
}

Result<const Amounts::Meaning*> Amounts::take(std::string_view& text, std::uint64_t& value) {
  const auto* known_line = lines_.take(text, value);
  const auto meaning = known_line ? &known_line->made : learn(scan::take_line(text), value);
  // So large is what the kernel, or lxcfs, counted below zero: no amount, and no made-up one in its place.
  if (meaning && __builtin_mul_overflow(value, (*meaning)->unit, &value)) return &passed_by_;
  return meaning;
}

// ---- parse: text -> rows

Result<void> parse_meminfo(std::string_view text, Amounts& amounts, Sheet<Amount>& gauges, Sheet<Amount>* counters) {
  if (text.empty()) return Fault{Parse::empty, "meminfo"};
  if (text.back() != '\n') return Fault{Parse::truncated, "meminfo"};  // a cut number would look like a whole one
  amounts.begin();
  for (std::size_t line = 1; !text.empty(); ++line) {
    std::uint64_t value = 0;
    const auto taken = amounts.take(text, value);
    if (!taken) return Fault{taken.error().code, "meminfo", line};
    if (!(*taken)->shown) continue;
    auto& row = (*taken)->counted && counters ? counters->next() : gauges.next();
    row.name = (*taken)->name;
    row.value = value;
  }
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Option options[] = {
    {"collector.meminfo.all", Option::Kind::boolean, "false",
     "Show every key that the kernel has, as node_exporter did before 1.9."},
};
constexpr Column gauges[] = {open<&Amount::value>(Type::gauge, "memory_", "A line of /proc/meminfo.")};
constexpr Column counters[] = {open<&Amount::value>(Type::counter, "memory_", "A counting line of /proc/meminfo.")};
constinit const Table<Amount> table{{"memory", "/proc/meminfo", {}, gauges, named<&Amount::name>}};
constinit const Table<Amount> counter_table{{"memory_counters", "/proc/meminfo", {}, counters, named<&Amount::name>}};

// ---- read: kernel -> text

class Meminfo final : public Collector {
 public:
  explicit Meminfo(const Environment& environment)
      : file_(environment.roots.proc + "/meminfo", KernelFile::Holds::text),
        all_(environment.options.on("collector.meminfo.all")),
        amounts_(all_) {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    auto& sheet = page.sheet(table);
    return parse_meminfo(*text, amounts_, sheet, all_ ? &page.sheet(counter_table) : nullptr);
  }

 private:
  KernelFile file_;
  bool all_;
  Amounts amounts_;
};

constexpr const Layout* layouts[] = {&table, &counter_table};

constexpr std::string_view needs = "Huge pages: CONFIG_HUGETLB_PAGE. Zswap: CONFIG_ZSWAP.";

}  // namespace

extern constinit const Entry meminfo;
constinit const Entry meminfo{"meminfo",     "Memory in use.", true,    Entry::Runs::fast,
                              make<Meminfo>, layouts,          options, needs};

}  // namespace vitald::memory
