#include "daemon/self_process.hpp"

#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>

namespace vitald {
namespace {

struct Process {
  double cpu_seconds = 0, start_time_seconds = 0;
  std::optional<std::uint64_t> open_fds, received, sent;
  std::uint64_t max_fds = 0, resident_bytes = 0, virtual_bytes = 0;
  std::uint64_t virtual_max_bytes = 0;  // 2^64 - 1 where there is none, as the peers' client library has it
};

constexpr Column columns[] = {
    counter<&Process::cpu_seconds>("process_cpu_seconds_total", "User and system CPU time of this daemon."),
    gauge<&Process::max_fds>("process_max_fds", "Limit of this daemon's open file descriptors."),
    counter<&Process::received>("process_network_receive_bytes_total",
                                "Bytes that came by IP into this daemon's network namespace."),
    counter<&Process::sent>("process_network_transmit_bytes_total",
                            "Bytes that went by IP out of this daemon's network namespace."),
    gauge<&Process::open_fds>("process_open_fds", "Open file descriptors of this daemon."),
    gauge<&Process::resident_bytes>("process_resident_memory_bytes", "Resident memory of this daemon."),
    gauge<&Process::start_time_seconds>("process_start_time_seconds", "When this daemon started, in Unix time."),
    gauge<&Process::virtual_bytes>("process_virtual_memory_bytes", "Virtual memory of this daemon."),
    gauge<&Process::virtual_max_bytes>("process_virtual_memory_max_bytes",
                                       "Limit of this daemon's virtual memory; 2^64 - 1 where there is none."),
};
constinit const Table<Process> table{{"process", "/proc/self", {}, columns, nullptr, ""}};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Unix time of the start: now, less the time since boot, plus field 22 of proc_pid_stat(5).
double start_time() {
  KernelFile stat("/proc/self/stat", KernelFile::Holds::value);
  const auto text = stat.read();
  if (!text) return 0;
  auto rest = text->substr(std::min(text->rfind(')'), text->size()));
  for (int field = 2; field < 22; ++field) scan::take_word(rest);
  std::uint64_t ticks = 0;
  if (!scan::numbers(rest, ticks)) return 0;
  timespec now{}, boot{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  ::clock_gettime(CLOCK_BOOTTIME, &boot);
  const auto unix_time = [](const timespec& t) {
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  };
  return unix_time(now) - unix_time(boot) + static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// Open descriptors: since Linux 6.2 the size of /proc/PID/fd, before that 0; then they are counted.
class OpenFiles {
 public:
  ~OpenFiles() {
    if (folder_) ::closedir(folder_);
  }
  std::optional<std::uint64_t> count() {
    if (!folder_) folder_ = ::opendir("/proc/self/fd");
    if (!folder_) return {};
    struct stat about {};
    if (::fstat(::dirfd(folder_), &about) == 0 && about.st_size > 0) return static_cast<std::uint64_t>(about.st_size);
    ::rewinddir(folder_);
    std::uint64_t found = 0;
    while (const auto* entry = ::readdir(folder_))
      if (entry->d_name[0] != '.') ++found;
    return found;
  }

 private:
  DIR* folder_ = nullptr;
};

class SelfProcess final : public Collector {
 public:
  explicit SelfProcess(Sources& sources) : network_(sources.file("/proc/net/netstat", KernelFile::Holds::text)) {}

  Result<void> collect(Page& page) override {
    const auto text = memory_.read();
    if (!text) return text.error();
    auto rest = *text;
    std::uint64_t pages = 0, resident = 0;
    if (!scan::numbers(rest, pages, resident)) return Fault{Parse::not_a_number, memory_.path()};
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    rlimit files{}, memory{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    ::getrlimit(RLIMIT_AS, &memory);
    auto& row = page.sheet(table).next();
    row.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    row.start_time_seconds = started_;
    row.open_fds = open_files_.count();
    row.max_fds = files.rlim_cur;
    row.resident_bytes = resident * page_size_;
    row.virtual_bytes = pages * page_size_;
    row.virtual_max_bytes = memory.rlim_cur;
    if (const auto netstat = network_.read()) {
      const auto traffic = parse_own_traffic(**netstat);
      row.received = traffic.received;
      row.sent = traffic.sent;
    }
    return {};
  }

 private:
  SharedFile& network_;
  KernelFile memory_{"/proc/self/statm", KernelFile::Holds::value};
  OpenFiles open_files_;
  std::uint64_t page_size_ = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  double started_ = start_time();
};

}  // namespace

OwnTraffic parse_own_traffic(std::string_view text) {
  OwnTraffic found;
  constexpr std::string_view protocol = "\nIpExt: ";
  auto at = text.find(protocol);
  if (at == text.npos) return found;
  text.remove_prefix(at + protocol.size());
  auto names = scan::take_line(text);
  std::string_view values;
  if (!text.starts_with(protocol.substr(1)) || !scan::take_whole_line(text, values)) return found;
  scan::take_word(values);
  for (auto name = scan::take_word(names); !name.empty(); name = scan::take_word(names)) {
    std::uint64_t value = 0;
    if (!scan::numbers(values, value)) return {};
    if (name == "InOctets") found.received = value;
    if (name == "OutOctets") found.sent = value;
  }
  return found;
}

std::unique_ptr<Collector> make_self_process(Sources& sources) { return std::make_unique<SelfProcess>(sources); }
const Layout& self_process_layout() { return table; }

}  // namespace vitald
