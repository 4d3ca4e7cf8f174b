// How many processes and threads there are, and in which state: one pass over /proc.
#include "collectors/base/collector.hpp"
#include "collectors/base/digits.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/process/proc_files.hpp"
#include "collectors/process/texts.hpp"

#include <array>

namespace vitald::process {
namespace {

// ---- describe: rows -> families, JSON, handbook

struct Totals {
  std::uint64_t max_processes = 0, max_threads = 0, pids = 0, threads = 0;
};
struct StateCount {
  Text state;
  std::uint64_t count = 0;
};

constexpr Key state_key[] = {key<&StateCount::state>("state")};
constexpr Key thread_state_key[] = {key<&StateCount::state>("thread_state")};
constexpr Column totals_columns[] = {
    gauge<&Totals::max_processes>("processes_max_processes", "Highest process number that the kernel gives."),
    gauge<&Totals::max_threads>("processes_max_threads", "Threads that there can be at most."),
    gauge<&Totals::pids>("processes_pids", "Processes."),
    gauge<&Totals::threads>("processes_threads", "Threads of all processes."),
};
constexpr Column state_columns[] = {
    gauge<&StateCount::count>("processes_state", "Processes whose main thread is in that state.", {}, "processes")};
constexpr Column thread_state_columns[] = {
    gauge<&StateCount::count>("processes_threads_state", "Threads that are in that state.", {}, "threads")};
constexpr std::string_view source = "/proc/PID/stat and /proc/PID/task/*/stat";
constinit const Table<Totals> totals_table{{"processes", source, {}, totals_columns}};
constinit const Table<StateCount> states_table{{"processes_states", source, state_key, state_columns}};
constinit const Table<StateCount> thread_states_table{
    {"processes_thread_states", source, thread_state_key, thread_state_columns}};

// By the state's letter.
class Tally {
 public:
  void clear() { counts_.fill(0); }
  void add(char state) { ++counts_[static_cast<unsigned char>(state) & 127]; }
  void write(Sheet<StateCount>& out) const {
    for (std::size_t letter = 0; letter < counts_.size(); ++letter) {
      if (counts_[letter] == 0) continue;
      auto& row = out.next();
      row.state += static_cast<char>(letter);
      row.count = counts_[letter];
    }
  }

 private:
  std::array<std::uint64_t, 128> counts_{};
};

// ---- read: kernel -> text

Result<void> read_limit(KernelFile& file, std::uint64_t& out) {
  const auto text = file.read();
  if (!text) return text.error();
  if (!scan::lone_number(*text, out)) return Fault{Parse::not_a_number, file.path()};
  return {};
}

class Processes final : public Collector {
 public:
  explicit Processes(const Environment& environment)
      : files_(environment.roots.proc),
        pid_max_(environment.roots.proc + "/sys/kernel/pid_max", KernelFile::Holds::value),
        threads_max_(environment.roots.proc + "/sys/kernel/threads-max", KernelFile::Holds::value) {}

  Result<void> collect(Page& page) override {
    totals_ = {};
    states_.clear();
    thread_states_.clear();
    if (const auto read = read_limit(threads_max_, totals_.max_threads); !read) return read;
    if (const auto read = read_limit(pid_max_, totals_.max_processes); !read) return read;
    const auto pids = files_.processes();
    if (!pids) return pids.error();
    for (const int pid : *pids)
      if (const auto added = add(pid); !added && !is_gone(added.error())) return added;
    page.sheet(totals_table).next() = totals_;
    states_.write(page.sheet(states_table));
    thread_states_.write(page.sheet(thread_states_table));
    return {};
  }

 private:
  Result<void> add(int pid) {
    const auto text = files_.read(pid, "stat");
    if (!text) return text.error();
    Stat stat;
    if (const auto parsed = parse_stat(*text, stat); !parsed) return parsed;
    ++totals_.pids;
    totals_.threads += stat.threads;
    states_.add(stat.state);
    if (files_.live() && stat.threads == 1) return thread_states_.add(stat.state), Result<void>();
    return add_threads(pid, stat.state);
  }

  // The process's own state is its main thread's.
  Result<void> add_threads(int pid, char state) {
    const auto threads = files_.threads(pid);
    if (!threads) return threads.error();
    for (const int thread : *threads) {
      Stat stat;
      stat.state = state;
      if (thread != pid || !files_.live()) {
        const auto text = files_.read(pid, thread, "stat");
        if (!text && is_gone(text.error())) continue;
        if (!text) return text.error();
        if (const auto parsed = parse_stat(*text, stat); !parsed) return parsed;
      }
      thread_states_.add(stat.state);
    }
    return {};
  }

  ProcFiles files_;
  KernelFile pid_max_, threads_max_;
  Totals totals_;
  Tally states_, thread_states_;
};

constexpr const Layout* layouts[] = {&totals_table, &states_table, &thread_states_table};

}  // namespace

extern constinit const Entry processes;
constinit const Entry processes{"processes",
                                "Processes and threads by state.",
                                false,
                                Entry::Runs::slow,
                                make<Processes>,
                                layouts,
                                {},
                                "A /proc that shows all processes (hidepid=0)."};

}  // namespace vitald::process
