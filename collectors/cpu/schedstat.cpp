// Time that tasks ran and waited on each processor, from /proc/schedstat.
#include "collectors/cpu/schedstat.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/digits.hpp"
#include "collectors/base/kernel_dir.hpp"
#include "collectors/base/kernel_file.hpp"

namespace vitald::cpu {
namespace {

// "cpu0 0 0 0 0 0 0 8460340812 221204131 109410": six numbers of the scheduler's own, then nanoseconds and a count. A
// later kernel may say more.
bool parse_times(std::string_view rest, SchedulerTimes& out) {
  std::uint64_t other = 0, running = 0, waiting = 0;
  if (!scan::numbers(rest, other, other, other, other, other, other, running, waiting, out.timeslices)) return false;
  out.running_seconds = static_cast<double>(running) / 1e9;
  out.waiting_seconds = static_cast<double>(waiting) / 1e9;
  return true;
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_schedstat(std::string_view text, Sheet<SchedulerTimes>& out) {
  constexpr std::string_view source = "schedstat";
  if (text.empty()) return Fault{Parse::empty, source};
  std::int64_t last = -1;  // the kernel lists its processors in their order
  for (std::size_t line = 1; !text.empty(); ++line) {
    std::string_view rest;
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, line};
    const auto name = scan::take_word(rest);
    if (line == 1 && name != "version") return Fault{Parse::unknown_layout, source, line};
    if (!name.starts_with("cpu")) continue;
    std::uint32_t cpu = 0;
    if (!numbered(name, "cpu", cpu) || cpu <= last) return Fault{Parse::unknown_layout, source, line};
    last = cpu;
    auto& row = out.next();
    write_number(cpu, row.cpu);
    if (!parse_times(rest, row)) return Fault{Parse::not_a_number, source, line};
  }
  if (last < 0) return Fault{Parse::truncated, source};
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Key keys[] = {key<&SchedulerTimes::cpu>("cpu")};
constexpr Column columns[] = {
    counter<&SchedulerTimes::running_seconds>("schedstat_running_seconds_total",
                                              "Time that tasks ran on this processor."),
    counter<&SchedulerTimes::timeslices>("schedstat_timeslices_total", "Turns that tasks had on this processor."),
    counter<&SchedulerTimes::waiting_seconds>("schedstat_waiting_seconds_total",
                                              "Time that tasks could have run and waited for this processor."),
};
constinit const Table<SchedulerTimes> table{{"schedstat", "/proc/schedstat", keys, columns}};

// ---- read: kernel -> text

class Schedstat final : public Collector {
 public:
  explicit Schedstat(const Environment& environment) : file_(environment.roots.proc + "/schedstat") {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    return text ? parse_schedstat(*text, page.sheet(table)) : text.error();
  }

 private:
  KernelFile file_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry schedstat;
constinit const Entry schedstat{
    "schedstat",         "Time spent on processors' run queues.", true, Entry::Runs::fast, make<Schedstat>, layouts, {},
    "CONFIG_SCHEDSTATS."};

}  // namespace vitald::cpu
