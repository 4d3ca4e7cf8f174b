// Processors: their time by mode, what they are, and how they are throttled.
#include "collectors/base/collector.hpp"
#include "collectors/cpu/cpuinfo.hpp"
#include "collectors/cpu/processors.hpp"
#include "collectors/cpu/sysfs.hpp"

namespace vitald::cpu {
namespace {

// ---- describe: rows -> families, JSON, handbook

constexpr std::string_view seconds = "cpu_seconds_total", guest_seconds = "cpu_guest_seconds_total";
constexpr std::string_view spent = "Time spent in each mode; user and nice contain the guests' time.";
constexpr std::string_view spent_by_guests = "Time that user and nice spent on running guests.";

constexpr Key keys[] = {key<&Processor::cpu>("cpu")};
constexpr Column columns[] = {
    counter<&Processor::guest_user>(guest_seconds, spent_by_guests, {"mode", "user"}, "guest_user_seconds"),
    counter<&Processor::guest_nice>(guest_seconds, spent_by_guests, {"mode", "nice"}, "guest_nice_seconds"),
    counter<&Processor::idle>(seconds, spent, {"mode", "idle"}, "idle_seconds"),
    counter<&Processor::iowait>(seconds, spent, {"mode", "iowait"}, "iowait_seconds"),
    counter<&Processor::irq>(seconds, spent, {"mode", "irq"}, "irq_seconds"),
    counter<&Processor::nice>(seconds, spent, {"mode", "nice"}, "nice_seconds"),
    counter<&Processor::softirq>(seconds, spent, {"mode", "softirq"}, "softirq_seconds"),
    counter<&Processor::steal>(seconds, spent, {"mode", "steal"}, "steal_seconds"),
    counter<&Processor::system>(seconds, spent, {"mode", "system"}, "system_seconds"),
    counter<&Processor::user>(seconds, spent, {"mode", "user"}, "user_seconds"),
};
constinit const Table<Processor> table{{"cpu", "/proc/stat", keys, columns}};

constexpr Key info_keys[] = {
    key<&Description::cachesize>("cachesize"),
    key<&Description::core>("core"),
    key<&Description::cpu>("cpu"),
    key<&Description::family>("family"),
    key<&Description::microcode>("microcode"),
    key<&Description::model>("model"),
    key<&Description::model_name>("model_name"),
    key<&Description::package>("package"),
    key<&Description::stepping>("stepping"),
    key<&Description::vendor>("vendor"),
};
constexpr Column info_columns[] = {info("cpu_info", "What each processor is.")};
constinit const Table<Description> info_table{{"cpu_info", "/proc/cpuinfo", info_keys, info_columns}};

constexpr Key flag_keys[] = {key<&Trait::name>("flag")};
constexpr Column flag_columns[] = {info("cpu_flag_info", "Flags of the first processor, those that were asked for.")};
constinit const Table<Trait> flag_table{{"cpu_flags", "/proc/cpuinfo", flag_keys, flag_columns}};

constexpr Key bug_keys[] = {key<&Trait::name>("bug")};
constexpr Column bug_columns[] = {info("cpu_bug_info", "Bugs of the first processor, those that were asked for.")};
constinit const Table<Trait> bug_table{{"cpu_bugs", "/proc/cpuinfo", bug_keys, bug_columns}};

constexpr std::string_view below = "/sys/devices/system/cpu";

constexpr Key core_keys[] = {key<&CoreThrottles::core>("core"), key<&CoreThrottles::package>("package")};
constexpr Column core_columns[] = {
    counter<&CoreThrottles::count>("cpu_core_throttles_total", "How often heat slowed this core down."),
};
constinit const Table<CoreThrottles> core_table{{"cpu_core_throttles", below, core_keys, core_columns}};

constexpr Key package_keys[] = {key<&PackageThrottles::package>("package")};
constexpr Column package_columns[] = {
    counter<&PackageThrottles::count>("cpu_package_throttles_total", "How often heat slowed this package down."),
};
constinit const Table<PackageThrottles> package_table{{"cpu_package_throttles", below, package_keys, package_columns}};

constexpr Key online_keys[] = {key<&Online::cpu>("cpu")};
constexpr Column online_columns[] = {gauge<&Online::online>("cpu_online", "1 where the processor is online, else 0.")};
constinit const Table<Online> online_table{{"cpu_online", below, online_keys, online_columns}};

constexpr Key isolated_keys[] = {key<&Isolated::cpu>("cpu")};
constexpr Column isolated_columns[] = {
    gauge<&Isolated::isolated>("cpu_isolated", "1 for each processor that the scheduler leaves alone."),
};
constinit const Table<Isolated> isolated_table{{"cpu_isolated", below, isolated_keys, isolated_columns}};

// ---- read: kernel -> text

class Cpu final : public Collector {
 public:
  explicit Cpu(const Environment& environment)
      : stat_(environment.sources.file(environment.roots.proc + "/stat", KernelFile::Holds::text)),
        cpuinfo_(environment.sources.file(environment.roots.proc + "/cpuinfo")),
        files_(environment.roots.sys),
        flags_(wanted(environment.options.text("collector.cpu.info.flags-include"))),
        bugs_(wanted(environment.options.text("collector.cpu.info.bugs-include"))),
        guest_(environment.options.on("collector.cpu.guest")),
        info_(environment.options.on("collector.cpu.info") || flags_ || bugs_) {}

  Result<void> collect(Page& page) override {
    if (info_)
      if (const auto done = describe(page); !done) return done;
    if (const auto done = files_.isolated(page.sheet(isolated_table)); !done) return done;
    auto& rows = page.sheet(table);
    if (const auto done = read_modes(rows); !done) return done;
    const bool same = counters_.same_processors(rows.view());
    counters_.carry_on(rows.view());
    if (!guest_)
      for (auto& row : rows.view()) row.guest_user = row.guest_nice = std::nullopt;
    return files_.collect(same, {page.sheet(core_table), page.sheet(package_table), page.sheet(online_table)});
  }

 private:
  static std::optional<SeenNames> wanted(std::string_view expression) {
    if (expression.empty()) return std::nullopt;
    return SeenNames(Filter(Pattern(expression)));
  }

  Result<void> read_modes(Sheet<Processor>& rows) {
    const auto text = stat_.read();  // lent: given back before anything else is read
    if (!text) return text.error();
    return parse_processors(**text, rows);
  }

  Result<void> describe(Page& page) {
    const auto text = cpuinfo_.read();
    if (!text) return text.error();
    FirstProcessor first;
    const auto done = parse_cpuinfo(**text, page.sheet(info_table), first);
    if (!done) return done;
    auto& flags = page.sheet(flag_table);
    auto& bugs = page.sheet(bug_table);
    if (flags_) pick_traits(first.flags, *flags_, flags);
    if (bugs_) pick_traits(first.bugs, *bugs_, bugs);
    return {};
  }

  SharedFile& stat_;
  SharedFile& cpuinfo_;
  SysFiles files_;
  Counters counters_;
  std::optional<SeenNames> flags_, bugs_;  // none: none is wanted
  bool guest_, info_;
};

constexpr const Layout* layouts[] = {&table,      &info_table,    &flag_table,   &bug_table,
                                     &core_table, &package_table, &online_table, &isolated_table};
constexpr Option options[] = {
    {.flag = "collector.cpu.guest",
     .kind = Option::Kind::boolean,
     .initial = "true",
     .help = "Show the time of guests apart, too."},
    {.flag = "collector.cpu.info",
     .kind = Option::Kind::boolean,
     .initial = "false",
     .help = "Show what the processors are."},
    {.flag = "collector.cpu.info.bugs-include",
     .kind = Option::Kind::regexp,
     .initial = "",
     .help = "Bugs of the first processor to show; turns collector.cpu.info on."},
    {.flag = "collector.cpu.info.flags-include",
     .kind = Option::Kind::regexp,
     .initial = "",
     .help = "Flags of the first processor to show; turns collector.cpu.info on."},
};

constexpr std::string_view needs =
    "Throttling: an Intel processor and CONFIG_X86_THERMAL_VECTOR. cpu_online: CONFIG_HOTPLUG_CPU.";

}  // namespace

extern constinit const Entry cpu;
constinit const Entry cpu{
    "cpu", "Processors by mode, their make and their throttling.", true, Entry::Runs::fast, make<Cpu>, layouts, options,
    needs};

}  // namespace vitald::cpu
