// Memory in use, from /proc/meminfo.
#include "collectors/memory/meminfo.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

#include <algorithm>
#include <limits>

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

constexpr std::size_t most_rows = 1024;  // kernels have some 60; each is compared with those before it

// "Active(anon)" and "kB" make "Active_anon_bytes"; false when the kernel does not name things so.
bool spell(std::string_view key, bool bytes, Text& name) {
  const auto open = key.find('(');
  if (open != key.npos) {
    if (!key.ends_with(')')) return false;
    key.remove_suffix(1);
  }
  if (key.empty()) return false;
  for (std::size_t i = 0; i < key.size(); ++i)
    if (i != open && !scan::plain(key[i])) return false;
  name = key.substr(0, open);
  if (open != key.npos) (name += '_') += key.substr(open + 1);
  if (bytes) name += "_bytes";
  return true;
}

// "MemTotal:       16000000 kB"
Result<void> parse_line(std::string_view line, std::size_t number, Amount& out) {
  auto rest = line;
  const auto key = scan::take_until(rest, ':');
  if (key.size() == line.size()) return Fault{Parse::truncated, "meminfo", number};
  if (!scan::numbers(rest, out.value)) return Fault{Parse::not_a_number, "meminfo", number};
  const auto unit = scan::take_word(rest);
  const bool in_kib = unit == "kB";
  if ((!in_kib && !unit.empty()) || !scan::take_word(rest).empty() || !spell(key, in_kib, out.name))
    return Fault{Parse::unknown_layout, "meminfo", number};
  if (!in_kib) return {};
  if (out.value > std::numeric_limits<std::uint64_t>::max() / 1024)
    return Fault{Parse::not_a_number, "meminfo", number};
  out.value *= 1024;
  return {};
}

bool among(std::string_view name, std::span<const Amount> rows) {
  return std::ranges::any_of(rows, [&](const Amount& row) { return row.name == name; });
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_meminfo(std::string_view text, Sheet<Amount>& gauges, Sheet<Amount>* counters) {
  if (text.empty()) return Fault{Parse::empty, "meminfo"};
  if (text.back() != '\n') return Fault{Parse::truncated, "meminfo"};  // a cut number would look like a whole one
  for (std::size_t line = 1; !text.empty(); ++line) {
    auto& row = gauges.next();
    if (const auto done = parse_line(scan::take_line(text), line, row); !done) return done;
    const auto before = gauges.view().first(gauges.view().size() - 1);
    const bool counts = row.name.view().ends_with("_total");
    if (before.size() >= most_rows) return Fault{Parse::too_large, "meminfo", line};
    if (among(row.name, before) || (counters && counts && among(row.name, counters->view())))
      return Fault{Parse::unknown_layout, "meminfo", line};
    if (counters && counts) {
      if (counters->view().size() >= most_rows) return Fault{Parse::too_large, "meminfo", line};
      counters->next() = row;
    }
    if (counters ? counts : !std::ranges::binary_search(known, row.name.view())) gauges.drop_last();
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
      : file_(environment.roots.proc + "/meminfo"), all_(environment.options.on("collector.meminfo.all")) {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    auto& sheet = page.sheet(table);
    return parse_meminfo(*text, sheet, all_ ? &page.sheet(counter_table) : nullptr);
  }

 private:
  KernelFile file_;
  bool all_;
};

constexpr const Layout* layouts[] = {&table, &counter_table};

constexpr std::string_view needs = "Huge pages: CONFIG_HUGETLB_PAGE. Zswap: CONFIG_ZSWAP.";

}  // namespace

extern constinit const Entry meminfo;
constinit const Entry meminfo{"meminfo",     "Memory in use.", true,    Entry::Runs::fast,
                              make<Meminfo>, layouts,          options, needs};

}  // namespace vitald::memory
