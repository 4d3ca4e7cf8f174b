// What the machine has done since it started, from /proc/stat.
#include "collectors/kernel/stat.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/scan.hpp"

#include <utility>

namespace vitald::kernel {
namespace {

constexpr std::string_view source = "/proc/stat";
constexpr std::string_view vectors[] = {"hi",           "timer",   "net_tx", "net_rx",  "block",
                                        "block_iopoll", "tasklet", "sched",  "hrtimer", "rcu"};

using Number = std::optional<std::uint64_t>;

bool take(std::string_view word, Number& to) {
  std::uint64_t value = 0;
  if (!scan::number(word, value)) return false;
  if (!to) to = value;  // of a repeated line the first one stands
  return true;
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_stat(std::string_view text, Sheet<Activity>& out) {
  if (text.empty()) return Fault{Parse::empty, source};
  Number boot_time, switches, forks, interrupts, blocked, running;
  const std::pair<std::string_view, Number*> wanted[] = {{"intr", &interrupts},       {"ctxt", &switches},
                                                         {"btime", &boot_time},       {"processes", &forks},
                                                         {"procs_running", &running}, {"procs_blocked", &blocked}};
  std::size_t line = 1;
  for (std::string_view rest; !text.empty(); ++line) {
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, line};
    const auto key = scan::take_word(rest);
    for (const auto& [name, to] : wanted)
      if (name == key && !take(scan::take_word(rest), *to)) return Fault{Parse::not_a_number, source, line};
  }
  if (!boot_time || !switches || !forks || !interrupts) return Fault{Parse::truncated, source, line};
  out.next() = {*boot_time, *switches, *forks, *interrupts, blocked, running};
  return {};
}

Result<void> parse_softirqs(std::string_view text, Sheet<SoftInterrupt>& out) {
  std::size_t line = 1;
  for (std::string_view rest; !text.empty(); ++line) {
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, line};
    if (scan::take_word(rest) != "softirq") continue;
    std::uint64_t all = 0;
    if (!scan::numbers(rest, all)) return Fault{Parse::not_a_number, source, line};
    for (const auto vector : vectors) {
      auto& row = out.next();
      row.vector = vector;
      if (!scan::numbers(rest, row.handled)) return Fault{Parse::not_a_number, source, line};
    }
    return {};
  }
  return {};  // OpenVZ leaves the line out
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Column columns[] = {
    gauge<&Activity::boot_time>("boot_time_seconds", "When the machine started, in seconds since 1970.", {},
                                "boot_time_seconds"),
    counter<&Activity::context_switches>("context_switches_total", "Switches from one task to another.", {},
                                         "context_switches"),
    counter<&Activity::forks>("forks_total", "Processes and threads started.", {}, "forks"),
    counter<&Activity::interrupts>("intr_total", "Interrupts handled.", {}, "interrupts"),
    gauge<&Activity::blocked>("procs_blocked", "Tasks that wait for I/O.", {}, "procs_blocked"),
    gauge<&Activity::running>("procs_running", "Tasks that run or could run.", {}, "procs_running"),
};
constinit const Table<Activity> table{{"stat", "/proc/stat", {}, columns}};

constexpr Key softirq_keys[] = {key<&SoftInterrupt::vector>("vector")};
constexpr Column softirq_columns[] = {
    counter<&SoftInterrupt::handled>("softirqs_total", "Soft interrupts handled, by vector.", {}, "handled"),
};
constinit const Table<SoftInterrupt> softirq_table{{"softirqs", "/proc/stat", softirq_keys, softirq_columns}};

// ---- read: kernel -> text

class Stat final : public Collector {
 public:
  explicit Stat(const Environment& environment)
      : file_(environment.sources.file(environment.roots.proc + "/stat", KernelFile::Holds::text)),
        softirqs_(environment.options.on("collector.stat.softirq")) {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    const auto done = parse_stat(**text, page.sheet(table));
    return done && softirqs_ ? parse_softirqs(**text, page.sheet(softirq_table)) : done;
  }

 private:
  SharedFile& file_;
  bool softirqs_;
};

constexpr const Layout* layouts[] = {&table, &softirq_table};
constexpr Option options[] = {
    {.flag = "collector.stat.softirq",
     .kind = Option::Kind::boolean,
     .initial = "false",
     .help = "Show soft interrupts by vector."},
};

}  // namespace

extern constinit const Entry stat;
constinit const Entry stat{"stat", "Boot time, tasks and interrupts.", true, Entry::Runs::fast, make<Stat>, layouts,
                           options};

}  // namespace vitald::kernel
