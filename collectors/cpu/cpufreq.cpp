// How fast the processors run, from /sys/devices/system/cpu/cpu*/cpufreq.
#include "collectors/base/devices.hpp"
#include "collectors/cpu/cpuinfo.hpp"
#include "collectors/cpu/speeds.hpp"

#include <limits>

namespace vitald::cpu {

// ---- parse: files -> rows

Result<bool> listed(std::string_view list, std::uint32_t number) {
  constexpr std::string_view source = "/sys/devices/system/cpu/offline";
  bool found = false;
  for (auto line = scan::take_line(list); !line.empty();) {
    auto range = scan::take_until(line, ',');
    const bool one = range.find('-') == range.npos;
    std::uint32_t from = 0, to = 0;
    if (!scan::number(scan::take_until(range, '-'), from)) return Fault{Parse::not_a_number, source, 1};
    if (!one && !scan::number(range, to)) return Fault{Parse::not_a_number, source, 1};
    if (one) to = from;
    if (to < from) return Fault{Parse::unknown_layout, source, 1};
    found = found || (from <= number && number <= to);
  }
  return found;
}

void pick_governors(const Frequencies& of, Sheet<Governor>& out) {
  if (of.governor.empty()) return;
  for (auto rest = of.available_governors.view();;) {
    const auto name = scan::take_word(rest);
    if (name.empty()) return;
    auto& row = out.next();
    row.cpu = of.cpu;
    row.governor = name;
    row.chosen = of.governor == name;
  }
}

namespace {

bool hertz(std::string_view text, std::uint64_t& out) {
  std::uint64_t kilohertz = 0;
  if (!scan::number(text, kilohertz) || kilohertz > std::numeric_limits<std::uint64_t>::max() / 1000) return false;
  out = kilohertz * 1000;
  return true;
}

constexpr Attribute attributes[] = {
    converted<&Frequencies::current, hertz>("cpufreq/cpuinfo_cur_freq"),
    converted<&Frequencies::average, hertz>("cpufreq/cpuinfo_avg_freq"),
    converted<&Frequencies::minimum, hertz>("cpufreq/cpuinfo_min_freq"),
    converted<&Frequencies::maximum, hertz>("cpufreq/cpuinfo_max_freq"),
    converted<&Frequencies::scaling, hertz>("cpufreq/scaling_cur_freq"),
    converted<&Frequencies::scaling_minimum, hertz>("cpufreq/scaling_min_freq"),
    converted<&Frequencies::scaling_maximum, hertz>("cpufreq/scaling_max_freq"),
    text<&Frequencies::governor>("cpufreq/scaling_governor").or_nothing(),
    text<&Frequencies::available_governors>("cpufreq/scaling_available_governors").or_nothing(),
};

// ---- describe: rows -> families, JSON, handbook

constexpr std::string_view source = "/sys/devices/system/cpu/cpu*/cpufreq";
constexpr Key keys[] = {key<&Frequencies::cpu>("cpu")};
constexpr Column columns[] = {
    gauge<&Frequencies::average>("cpu_frequency_avg_hertz", "Average frequency of late, by the hardware.", {},
                                 "average_hertz"),
    gauge<&Frequencies::maximum>("cpu_frequency_max_hertz", "Highest frequency of the hardware.", {}, "max_hertz"),
    gauge<&Frequencies::minimum>("cpu_frequency_min_hertz", "Lowest frequency of the hardware.", {}, "min_hertz"),
    gauge<&Frequencies::scaling>("cpu_scaling_frequency_hertz", "Frequency, as the kernel sees it.", {},
                                 "scaling_hertz"),
    gauge<&Frequencies::scaling_maximum>("cpu_scaling_frequency_max_hertz", "Highest frequency that is allowed.", {},
                                         "scaling_max_hertz"),
    gauge<&Frequencies::scaling_minimum>("cpu_scaling_frequency_min_hertz", "Lowest frequency that is allowed.", {},
                                         "scaling_min_hertz"),
};
constinit const Table<Frequencies> table{{"cpu_scaling", source, keys, columns}};

constexpr Key governor_keys[] = {key<&Governor::cpu>("cpu"), key<&Governor::governor>("governor")};
constexpr Column governor_columns[] = {
    gauge<&Governor::chosen>("cpu_scaling_governor", "1 for the governor that is chosen, 0 for those that could be.",
                             {}, "chosen"),
};
constinit const Table<Governor> governor_table{{"cpu_governors", source, governor_keys, governor_columns}};

// One family, told by two files. Where /proc/cpuinfo is asked, too, it has two labels more, which are empty (and so
// none, for Prometheus) where the other file tells it.
constexpr Column speed_columns[] = {
    gauge<&Speed::hertz>("cpu_frequency_hertz", "Frequency, as the hardware tells it.", {}, "hertz")};
constexpr Key speed_keys[] = {key<&Speed::cpu>("cpu")};
constexpr Key core_keys[] = {key<&Speed::core>("core"), key<&Speed::cpu>("cpu"), key<&Speed::package>("package")};
constinit const Table<Speed> speed_table{{"cpu_frequencies", source, speed_keys, speed_columns}};
constinit const Table<Speed> core_table{{"cpu_frequencies", "/proc/cpuinfo", core_keys, speed_columns}};

// ---- read: kernel -> files

bool is_processor(std::string_view name) {
  std::uint32_t number = 0;
  return numbered(name, "cpu", number);
}

// Whether the collector cpu shows what processors are: then their speed is shown, too.
bool asks_cpuinfo(const Options& options) {
  const bool on =
      options.given("collector.cpu") ? options.on("collector.cpu") : !options.on("collector.disable-defaults");
  return on && (options.on("collector.cpu.info") || !options.text("collector.cpu.info.flags-include").empty() ||
                !options.text("collector.cpu.info.bugs-include").empty());
}

class Cpufreq final : public Collector {
 public:
  explicit Cpufreq(const Environment& environment)
      : devices_(environment, {.below = "devices/system/cpu", .subsystem = "cpu", .most = 32768, .keeps = is_processor},
                 &Frequencies::cpu, attributes),
        offline_(environment.roots.sys + "/devices/system/cpu/offline", KernelFile::Holds::value),
        cpuinfo_(environment.sources.file(environment.roots.proc + "/cpuinfo")),
        info_(asks_cpuinfo(environment.options)) {}

  Result<void> collect(Page& page) override {
    all_.rewind();
    if (const auto done = devices_.collect(all_); !done) return done;
    if (all_.view().empty()) return Fault{Parse::no_data, "cpufreq: processors"};
    const auto offline = offline_.read();
    if (!offline) return offline.error();
    auto& rows = page.sheet(table);
    auto& governors = page.sheet(governor_table);
    auto& speeds = page.sheet(info_ ? core_table : speed_table);
    if (info_) read_cpuinfo(speeds);
    for (const auto& each : all_.view()) {
      const auto number = each.cpu.view().substr(3);
      std::uint32_t value = 0;
      if (!scan::number(number, value)) continue;
      const auto off = listed(*offline, value);
      if (!off) return off.error();
      if (*off) continue;
      auto& row = rows.next();
      row = each;
      row.cpu = number;
      pick_governors(row, governors);
      if (!row.current) continue;
      auto& speed = speeds.next();
      speed.cpu = number;
      speed.hertz = static_cast<double>(*row.current);
    }
    return {};
  }

 private:
  // A fault of it is told by the collector cpu; the frequencies of sysfs do not depend on it.
  void read_cpuinfo(Sheet<Speed>& out) {
    const auto text = cpuinfo_.read();
    FirstProcessor first;
    described_.rewind();
    if (!text || !parse_cpuinfo(**text, described_, first)) return;
    for (const auto& each : described_.view()) {
      if (!each.megahertz) continue;
      auto& row = out.next();
      row.core = each.core;
      row.cpu = each.cpu;
      row.package = each.package;
      row.hertz = *each.megahertz * 1e6;
    }
  }

  Devices<Frequencies> devices_;
  KernelFile offline_;
  SharedFile& cpuinfo_;
  bool info_;
  Sheet<Frequencies> all_{table};
  Table<Description> description_table_;
  Sheet<Description> described_{description_table_};
};

constexpr const Layout* layouts[] = {&table, &governor_table, &speed_table, &core_table};
constexpr std::string_view needs =
    "CONFIG_CPU_FREQ and a driver for it. The hardware's own frequency, which most drivers tell to root only: "
    "CAP_DAC_READ_SEARCH. Averages: Linux "
    "6.14.";

}  // namespace

extern constinit const Entry cpufreq;
constinit const Entry cpufreq{
    "cpufreq", "How fast the processors run.", true, Entry::Runs::fast, make<Cpufreq>, layouts, {}, needs};

}  // namespace vitald::cpu
