// Connections that the packet filter tracks, from /proc/sys/net/netfilter and /proc/net/stat/nf_conntrack.
#include "collectors/network/conntrack.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/digits.hpp"
#include "collectors/base/kernel_file.hpp"

namespace vitald::network {
namespace {

constexpr std::size_t fewest_columns = 16, most_columns = 17;  // old kernels do not tell of restarted searches

}  // namespace

// ---- parse: text -> rows

Result<void> parse_conntrack(std::string_view text, Conntrack& out) {
  constexpr std::string_view source = "net/stat/nf_conntrack";
  if (text.empty()) return Fault{Parse::empty, source};
  std::uint64_t sums[most_columns] = {};
  std::size_t columns = 0, line = 1;
  for (; !text.empty(); ++line) {
    std::string_view rest;
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, line};
    std::size_t count = 0;
    for (auto word = scan::take_word(rest); !word.empty(); word = scan::take_word(rest), ++count) {
      std::uint64_t value = 0;
      if (count == most_columns) return Fault{Parse::unknown_layout, source, line};
      if (line == 1 ? count == 0 && word != "entries" : !scan::hexadecimal(word, value))
        return Fault{line == 1 ? Parse::unknown_layout : Parse::not_a_number, source, line};
      sums[count] += value;
    }
    if (count < fewest_columns || (line > 1 && count != columns)) return Fault{Parse::unknown_layout, source, line};
    columns = count;
  }
  if (line == 2) return Fault{Parse::truncated, source, line};  // a heading alone
  out.found = sums[2];
  out.invalid = sums[4];
  out.ignore = sums[5];
  out.insert = sums[8];
  out.insert_failed = sums[9];
  out.drop = sums[10];
  out.early_drop = sums[11];
  if (columns == most_columns) out.search_restart = sums[16];
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Column columns[] = {
    gauge<&Conntrack::entries>("nf_conntrack_entries", "Connections that are tracked.", {}, "entries"),
    gauge<&Conntrack::limit>("nf_conntrack_entries_limit", "Connections that can be tracked at most.", {}, "limit"),
    gauge<&Conntrack::drop>("nf_conntrack_stat_drop", "Packets dropped because tracking failed.", {}, "drop"),
    gauge<&Conntrack::early_drop>("nf_conntrack_stat_early_drop", "Connections forgotten to make room for new ones.",
                                  {}, "early_drop"),
    gauge<&Conntrack::found>("nf_conntrack_stat_found", "Searches that found their connection.", {}, "found"),
    gauge<&Conntrack::ignore>("nf_conntrack_stat_ignore", "Packets that needed no tracking.", {}, "ignore"),
    gauge<&Conntrack::insert>("nf_conntrack_stat_insert", "Connections put into the table.", {}, "insert"),
    gauge<&Conntrack::insert_failed>("nf_conntrack_stat_insert_failed",
                                     "Connections that were in the table when they were to be put there.", {},
                                     "insert_failed"),
    gauge<&Conntrack::invalid>("nf_conntrack_stat_invalid", "Packets that cannot be tracked.", {}, "invalid"),
    gauge<&Conntrack::search_restart>("nf_conntrack_stat_search_restart",
                                      "Searches begun anew because the table was resized.", {}, "search_restart"),
};
constinit const Table<Conntrack> table{
    {"conntrack", "/proc/sys/net/netfilter, /proc/net/stat/nf_conntrack", {}, columns}};

// ---- read: kernel -> text

class Tracking final : public Collector {
 public:
  explicit Tracking(const Environment& environment)
      : entries_(environment.roots.proc + "/sys/net/netfilter/nf_conntrack_count", KernelFile::Holds::value),
        limit_(environment.roots.proc + "/sys/net/netfilter/nf_conntrack_max", KernelFile::Holds::value),
        statistics_(environment.roots.proc + "/net/stat/nf_conntrack") {}

  Result<void> collect(Page& page) override {
    auto& row = page.sheet(table).next();
    if (const auto done = read(entries_, row.entries); !done) return done;
    if (const auto done = read(limit_, row.limit); !done) return done;
    const auto text = statistics_.read();
    if (text) return parse_conntrack(*text, row);
    // Kernels without CONFIG_NF_CONNTRACK_PROCFS: success 0, and what was read is shown, as the peer does.
    page.shown_despite_fault = state_of(text.error()) == State::absent;
    return text.error();
  }

 private:
  static Result<void> read(KernelFile& file, std::uint64_t& out) {
    const auto text = file.read();
    if (!text) return text.error();
    if (!scan::lone_number(*text, out)) return Fault{Parse::not_a_number, file.path(), 1};
    return {};
  }

  KernelFile entries_, limit_, statistics_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry conntrack;
constinit const Entry conntrack{"conntrack",
                                "Tracked connections.",
                                true,
                                Entry::Runs::fast,
                                make<Tracking>,
                                layouts,
                                {},
                                "The module nf_conntrack; statistics: CONFIG_NF_CONNTRACK_PROCFS."};

}  // namespace vitald::network
