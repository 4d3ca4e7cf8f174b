// How long tasks waited for processor, memory, disks and interrupts, from /proc/pressure.
#include "collectors/process/pressure.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

namespace vitald::process {
namespace {

template <class Number>
bool setting(std::string_view& line, std::string_view name, Number& out) {
  auto word = scan::take_word(line);
  if (!word.starts_with(name)) return false;
  word.remove_prefix(name.size());
  return scan::number(word, out);
}

// " avg10=0.00 avg60=0.00 avg300=0.00 total=60200300", in microseconds
bool parse_times(std::string_view line, std::uint64_t& total) {
  double average = 0;
  return setting(line, "avg10=", average) && setting(line, "avg60=", average) && setting(line, "avg300=", average) &&
         setting(line, "total=", total);
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_pressure(std::string_view text, std::optional<double>* some, std::optional<double>* full) {
  if (text.empty()) return Fault{Parse::empty, "pressure"};
  if (text.back() != '\n') return Fault{Parse::truncated, "pressure"};  // a cut number would look like a whole one
  bool some_seen = false, full_seen = false;
  for (std::size_t line = 1; !text.empty(); ++line) {
    auto rest = scan::take_line(text);
    const auto kind = scan::take_word(rest);
    const bool is_full = kind == "full";
    if (!is_full && kind != "some") continue;  // of a newer kernel; the peer passes it by, too
    if (std::exchange(is_full ? full_seen : some_seen, true)) return Fault{Parse::unknown_layout, "pressure", line};
    std::uint64_t total = 0;
    if (!parse_times(rest, total)) return Fault{Parse::not_a_number, "pressure", line};
    // Divided twice, as the peer does: 60200300 us are 60.200300000000006 s there.
    if (auto* const out = is_full ? full : some) *out = static_cast<double>(total) / 1000 / 1000;
  }
  if ((some && !some_seen) || (full && !full_seen)) return Fault{Parse::truncated, "pressure"};
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Column columns[] = {
    counter<&Pressure::cpu_waiting>("pressure_cpu_waiting_seconds_total",
                                    "Time in which tasks waited for a processor."),
    counter<&Pressure::io_stalled>("pressure_io_stalled_seconds_total", "Time in which all tasks waited for I/O."),
    counter<&Pressure::io_waiting>("pressure_io_waiting_seconds_total", "Time in which some tasks waited for I/O."),
    counter<&Pressure::irq_stalled>("pressure_irq_stalled_seconds_total",
                                    "Time in which all tasks waited for interrupts to be served."),
    counter<&Pressure::memory_stalled>("pressure_memory_stalled_seconds_total",
                                       "Time in which all tasks waited for memory."),
    counter<&Pressure::memory_waiting>("pressure_memory_waiting_seconds_total",
                                       "Time in which some tasks waited for memory."),
};
constinit const Table<Pressure> table{{"pressure", "/proc/pressure", {}, columns}};

// ---- read: kernel -> text

struct Resource {
  KernelFile file;
  std::optional<double> Pressure::*some;
  std::optional<double> Pressure::*full;
  bool optional = false, absent_for_good = false;
};

// From Linux 6.15 on the file of interrupts is there, and cannot be read, where their time is not accounted. That
// all of them are so, psi=0 on some kernels, is to be seen: it stays a fault.
bool is_absent(const Resource& resource, const Fault& fault) {
  if (fault.code.category() != boost::system::system_category()) return false;
  return fault.code.value() == ENOENT || (resource.optional && fault.code.value() == EOPNOTSUPP);
}

class Pressures final : public Collector {
 public:
  explicit Pressures(const Environment& environment)
      : proc_(environment.roots.proc),
        resources_{{file("cpu"), &Pressure::cpu_waiting, nullptr},
                   {file("io"), &Pressure::io_waiting, &Pressure::io_stalled},
                   {file("memory"), &Pressure::memory_waiting, &Pressure::memory_stalled},
                   {file("irq"), nullptr, &Pressure::irq_stalled, true}} {}

  Result<void> collect(Page& page) override {
    auto& row = page.sheet(table).next();
    bool any = false;
    for (auto& resource : resources_) {
      if (resource.absent_for_good) continue;
      const auto text = resource.file.read();
      if (!text && is_absent(resource, text.error())) {
        resource.absent_for_good = on_procfs();
        continue;
      }
      if (!text) return text.error();
      const auto time = [&](auto member) { return member ? &(row.*member) : nullptr; };
      if (const auto done = parse_pressure(*text, time(resource.some), time(resource.full)); !done) return done;
      any = true;
    }
    if (!any) return Fault{Parse::no_data, "pressure"};
    return {};
  }

 private:
  KernelFile file(std::string_view name) const {
    return KernelFile(std::string(proc_).append("/pressure/").append(name), KernelFile::Holds::value);
  }
  // There a file that is not there, or not accounted, cannot come before a reboot, and asking for it costs at every
  // scrape.
  bool on_procfs() const {
    struct statfs about {};
    return ::statfs(proc_.c_str(), &about) == 0 && about.f_type == PROC_SUPER_MAGIC;
  }

  std::string proc_;
  Resource resources_[4];
};

constexpr const Layout* layouts[] = {&table};

constexpr std::string_view needs =
    "CONFIG_PSI, and psi=1 on the kernel's command line where it is off by default. Interrupts: Linux 6.1 with "
    "CONFIG_IRQ_TIME_ACCOUNTING.";

}  // namespace

extern constinit const Entry pressure;
constinit const Entry pressure{
    "pressure", "Time lost by waiting for resources.", true, Entry::Runs::fast, make<Pressures>, layouts, {}, needs};

}  // namespace vitald::process
