// Groups of processes, by the rules of a file: process-exporter's families.
#include "collectors/base/collector.hpp"
#include "collectors/base/duration.hpp"
#include "collectors/base/scan.hpp"
#include "collectors/process/group_options.hpp"
#include "collectors/process/group_reader.hpp"
#include "collectors/process/matcher.hpp"
#include "collectors/process/user_names.hpp"

#include <time.h>

#include <functional>
#include <utility>

namespace vitald::process {
namespace {

constexpr std::uint64_t ticks_per_second = 100;

GroupWishes wishes_of(const Options& options) {
  std::uint64_t most = 1000;
  scan::number(options.text("process.max-groups"), most);
  return {options.on("process.threads"), options.on("process.gather-smaps"), options.on("process.remove-empty-groups"),
          options.on("process.compat"), most};
}

// Since the boot, as start times are told.
std::uint64_t now_ticks() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * ticks_per_second;
}

Result<void> parse_boot_time(std::string_view text, std::uint64_t& out) {
  for (std::string_view line; scan::take_whole_line(text, line);)
    if (scan::take_word(line) == "btime" && scan::numbers(line, out)) return {};
  return Fault{Parse::truncated, "stat"};
}

class ProcessGroups final : public Collector {
 public:
  explicit ProcessGroups(const Environment& environment)
      : rules_(environment.group_rules),
        children_(environment.options.on("process.children")),
        recheck_limit_(parse_duration(environment.options.text("process.recheck-with-time-limit"))
                           .value_or(std::chrono::nanoseconds(0))),
        recheck_(environment.options.on("process.recheck") || recheck_limit_.count() > 0),
        wishes_(wishes_of(environment.options)),
        files_(environment.roots.proc),
        stat_(environment.roots.proc + "/stat"),
        users_(environment.roots.rootfs, environment.names),
        table_(files_),
        reader_(files_, wishes_),
        matcher_(rules_ ? *rules_ : GroupRules()),
        groups_(wishes_) {
    for (const auto& name : matcher_.fixed_names()) groups_.configure(name);
  }

  Result<void> collect(Page& page) override {
    if (!rules_) return Fault{Parse::no_data, "process_groups: --process.config.file is not given"};
    const auto done = look();
    if (!done) {
      ++errors_;
      return done;
    }
    groups_.write(page, static_cast<double>(boot_seconds_));
    auto& reading = page.sheet(group_reading_table).next();
    reading = {errors_, table_.unread(), reader_.parts_unread()};
    groups_.write_limit(page.sheet(group_limit_table).next());
    return {};
  }

 private:
  Result<void> look() {
    const auto text = stat_.read();
    if (!text) return text.error();
    if (const auto parsed = parse_boot_time(*text, boot_seconds_); !parsed) return parsed;
    users_.forget();
    fresh_.clear();
    groups_.begin_pass();
    const auto done = table_.pass([this](Process& process, const Stat& stat) { see(process, stat); });
    if (!done) return done;
    for (const int pid : fresh_) decide(pid);
    for (const int pid : fresh_) add_fresh(pid);
    groups_.end_pass();
    return {};
  }

  void see(Process& process, const Stat& stat) {
    const auto hash = std::hash<std::string_view>{}(stat.name);
    const bool renamed = std::exchange(process.name_hash, hash) != hash;
    if (process.group == Process::none && is_asked_again(process, renamed)) process.group = Process::undecided;
    if (process.group == Process::undecided)
      fresh_.push_back(process.pid);
    else if (process.group != Process::none)
      reader_.add(process, stat, groups_[process.group]);
  }

  // Those that are in no group. Who execs has another name, mostly.
  bool is_asked_again(const Process& process, bool renamed) const {
    if (!recheck_) return renamed && !children_;
    if (recheck_limit_.count() == 0) return true;
    const auto now = now_ticks();
    const auto age =
        std::chrono::seconds(now > process.start_ticks ? (now - process.start_ticks) / ticks_per_second : 0);
    return age < recheck_limit_;
  }

  // By the rules, else by its nearest ancestor that is in a group; an ancestor that is in none ends the search.
  void decide(int pid) {
    chain_.clear();
    auto found = Process::none;
    for (auto* process = table_.find(pid); process; process = parent_of(*process)) {
      if (process->group == Process::undecided) process->group = by_rules(*process);
      found = process->group;
      if (found != Process::undecided) break;
      process->group = Process::none;
      chain_.push_back(process);
      if (!children_) break;
    }
    if (found == Process::undecided) found = Process::none;
    for (auto* process : chain_) process->group = found;
  }

  // One that is younger than its child has a number that was used before.
  Process* parent_of(const Process& process) {
    auto* parent = table_.find(process.parent);
    return parent && parent != &process && parent->start_ticks <= process.start_ticks ? parent : nullptr;
  }

  std::uint32_t by_rules(const Process& process) {
    Stat stat;
    if (!read_again(process, stat)) return Process::none;
    const std::string comm(stat.name);
    Subject subject;
    subject.pid = process.pid;
    subject.comm = comm;
    subject.start_seconds = static_cast<std::int64_t>(boot_seconds_ + process.start_ticks / ticks_per_second);
    subject.command = [&]() -> std::string_view {
      const auto text = files_.read(process.pid, "cmdline", ProcFiles::Shape::bytes);
      return text ? parse_command(*text) : std::string_view();
    };
    subject.cgroups = [&] {
      const auto text = files_.read(process.pid, "cgroup", ProcFiles::Shape::bytes);
      return text ? std::string(*text) : std::string();
    };
    subject.username = [&] {
      Status status;
      const auto text = files_.read(process.pid, "status");
      return text && parse_status(*text, status) ? users_.of(status.effective_user) : std::string();
    };
    const auto name = matcher_.group_of(subject);
    return name ? groups_.find_or_add(*name) : Process::undecided;
  }

  bool read_again(const Process& process, Stat& out) {
    const auto text = files_.read(process.pid, "stat");
    return text && parse_stat(*text, out) && out.start_ticks == process.start_ticks;
  }

  void add_fresh(int pid) {
    auto* process = table_.find(pid);
    Stat stat;
    if (!process || process->group == Process::none || !read_again(*process, stat)) return;
    reader_.add(*process, stat, groups_[process->group]);
  }

  const GroupRules* rules_;
  bool children_;
  std::chrono::nanoseconds recheck_limit_;
  bool recheck_;
  GroupWishes wishes_;
  ProcFiles files_;
  KernelFile stat_;
  UserNames users_;
  ProcessTable table_;
  GroupReader reader_;
  Matcher matcher_;
  Groups groups_;
  std::vector<int> fresh_;
  std::vector<Process*> chain_;
  std::uint64_t boot_seconds_ = 0, errors_ = 0;
};

constexpr const Layout* layouts[] = {&groups_table, &group_threads_table, &group_waits_table, &group_reading_table,
                                     &group_limit_table};

}  // namespace

extern constinit const Entry process_groups;
constinit const Entry process_groups{"process_groups",
                                     "Groups of processes, by the rules of --process.config.file.",
                                     false,
                                     Entry::Runs::slow,
                                     make<ProcessGroups>,
                                     layouts,
                                     group_options,
                                     "CAP_SYS_PTRACE for I/O and proportional memory of other users' processes, and a "
                                     "/proc that shows them (hidepid=0).",
                                     "process.config.file"};

}  // namespace vitald::process
