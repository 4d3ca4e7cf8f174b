// Each file of a machine, broken in each way: who reads it says so, all others go on, and it heals.
#include "collectors/base/scan.hpp"
#include "http/encode/json.hpp"
#include "tests/support/whole_host.hpp"

#include <doctest/doctest.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

using namespace vitald;
namespace fs = std::filesystem;

namespace {

enum class Fault : std::uint8_t { empty, random, few_random, folder, pipe, huge, endless, loop, forbidden };
constexpr std::pair<Fault, std::string_view> faults[] = {
    {Fault::empty, "empty"},          {Fault::random, "4 KiB of random bytes"},
    {Fault::few_random, "64 random"}, {Fault::folder, "a folder"},
    {Fault::pipe, "a pipe"},          {Fault::huge, "1 GB, sparse"},
    {Fault::endless, "/dev/zero"},    {Fault::loop, "a link to itself"},
    {Fault::forbidden, "forbidden"},
};

// What no collector's success depends on: its samples or labels are just absent while it is broken.
enum class Loses : std::uint8_t {
  nothing,  // it is looked at for changes only
  samples,  // of that processor; only where it is missing or forbidden, and a fault where it is there and wrong
  list,     // the same, and it may be empty
  labels,   // or samples, whatever is wrong: they are a user space's or a driver's remarks
};
struct File {
  std::string_view start, end, collectors;
  std::optional<Loses> loses = std::nullopt;
};
constexpr File files[] = {
    {"proc/stat", "", "cpu stat"},
    {"proc/cpuinfo", "", "cpu"},
    {"proc/loadavg", "", "loadavg"},
    {"proc/meminfo", "", "meminfo"},
    {"proc/vmstat", "", "vmstat"},
    {"proc/diskstats", "", "diskstats"},
    {"proc/net/dev", "", "netdev"},
    {"proc/net/sockstat", "", "sockstat"},
    {"proc/1/mountinfo", "", "filesystem"},
    {"proc/sys/fs/file-nr", "", "filefd"},
    {"proc/pressure/", "", "pressure"},
    {"etc/os-release", "", "os"},
    {"sys/devices/system/clocksource/", "", "time"},
    {"sys/devices/system/cpu/present", "", "cpu", Loses::nothing},
    {"sys/devices/system/cpu/isolated", "", "cpu", Loses::list},
    {"sys/devices/system/cpu/cpu", "", "cpu", Loses::samples},
    {"sys/block/", "/queue/rotational", "diskstats", Loses::labels},
    {"udev/b", "", "diskstats", Loses::labels},
    {"sys/class/net/", "/ifalias", "netdev", Loses::labels},
};

// Of threads that share a core, and of cores that share a package, the first is asked; and where the first processor
// has no file `online`, none of the others' is.
constexpr std::string_view not_asked_on_the_laptop[] = {"cpu1/online",
                                                        "cpu2/online",
                                                        "cpu3/online",
                                                        "cpu1/thermal_throttle/core_throttle_count",
                                                        "cpu3/thermal_throttle/core_throttle_count",
                                                        "cpu1/thermal_throttle/package_throttle_count",
                                                        "cpu2/thermal_throttle/package_throttle_count",
                                                        "cpu3/thermal_throttle/package_throttle_count"};
constexpr std::string_view not_asked_on_the_server[] = {
    "cpu2/thermal_throttle/package_throttle_count", "cpu3/thermal_throttle/package_throttle_count",
    "cpu4/thermal_throttle/package_throttle_count", "cpu5/thermal_throttle/package_throttle_count",
    "cpu6/thermal_throttle/package_throttle_count"};
using Ends = std::span<const std::string_view>;

const File& file_of(std::string_view path, Ends not_asked) {
  static constexpr File none{"", "", "", Loses::nothing};
  if (std::ranges::any_of(not_asked, [&](std::string_view end) { return path.ends_with(end); })) return none;
  const auto found = std::ranges::find_if(
      files, [&](const File& each) { return path.starts_with(each.start) && path.ends_with(each.end); });
  REQUIRE_MESSAGE(found != std::end(files), "nobody is said to read " << std::string(path));
  return *found;
}

bool fails(const File& file, Fault fault) {
  if (!file.loses) return true;
  if (*file.loses == Loses::nothing || *file.loses == Loses::labels) return false;
  if (*file.loses == Loses::list && fault == Fault::empty) return false;
  return fault != Fault::loop && fault != Fault::forbidden;
}

bool reads(const File& file, std::string_view collector) {
  auto rest = file.collectors;
  while (!rest.empty())
    if (scan::take_word(rest) == collector) return true;
  return false;
}

std::string random_bytes(std::size_t count) {
  std::mt19937 next(20);
  std::string bytes(count, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(next());
  return bytes;
}

void put(const test::Tree& tree, const std::string& path, Fault fault, const std::string& whole) {
  const auto at = tree.path(path);
  const auto replace = [&] { tree.remove(path); };
  switch (fault) {
    case Fault::empty: return tree.file(path, "");
    case Fault::random: return tree.file(path, random_bytes(4096));
    case Fault::few_random: return tree.file(path, random_bytes(64));
    case Fault::folder: return replace(), tree.dir(path);
    case Fault::pipe: {
      replace();
      REQUIRE(::mkfifo(at.c_str(), 0644) == 0);
      return;
    }
    case Fault::huge: tree.file(path, ""); return fs::resize_file(at, 1'000'000'000);
    case Fault::endless: return tree.link(path, "/dev/zero");
    case Fault::loop: return tree.link(path, fs::path(path).filename().native());
    case Fault::forbidden: tree.file(path, whole); return fs::permissions(at, fs::perms::none);
  }
}

// As long as it lives this thread opens files as nobody would, whom no permission is given by capabilities.
class Unprivileged {
 public:
  explicit Unprivileged(bool wanted) {
    if (wanted) ::setfsuid(65534);
  }
  ~Unprivileged() { ::setfsuid(::geteuid()); }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
};

bool may_be_forbidden(const test::Tree& tree) {
  tree.file("forbidden", "text");
  fs::permissions(tree.path("forbidden"), fs::perms::none);
  const Unprivileged now(true);
  return !std::ifstream(tree.path("forbidden")).is_open();
}

std::size_t kib_of_status(std::string_view field) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(field)) return std::stoul(line.substr(field.size()));
  return 0;
}

// How far the resident memory rose above what it was at the start, at the most.
class Growth {
 public:
  Growth() {
    std::ofstream("/proc/self/clear_refs") << 5;  // the peak starts anew
    start_ = std::max(kib_of_status("VmRSS:"), kib_of_status("VmHWM:"));
  }
  std::size_t kib() const { return std::max(kib_of_status("VmHWM:"), start_) - start_; }

 private:
  std::size_t start_;
};

std::set<std::string> samples_of(std::string text) {
  std::set<std::string> all;
  for (std::string_view rest = text; !rest.empty();)
    if (const auto line = scan::take_line(rest); !line.starts_with('#')) all.emplace(line);
  return all;
}

bool has_optional_labels(const std::string& sample) {
  return sample.starts_with("node_disk_info{") || sample.starts_with("node_network_");
}

struct Before {
  std::string all;
  std::map<std::string_view, std::string> of;  // by collector
};

struct Check {
  const Before& before;
  std::string_view path, fault_name;
  const File& file;
  Fault fault;

  void broken(test::WholeHost& host) const {
    for (auto& told : host.all()) {
      const auto name = told.entry->name;
      const bool concerned = reads(file, name);
      INFO(std::string(path) << " is " << std::string(fault_name) << ": " << std::string(name));
      CHECK(told.took < std::chrono::milliseconds(200));
      CHECK(told.done.has_error() == (concerned && fails(file, fault)));
      if (told.done) valid(host, told, concerned);
    }
  }

  void valid(test::WholeHost& host, test::WholeHost::Told& told, bool concerned) const {
    const auto text = host.text_of(told);
    CHECK(test::fault_of_exposition(text) == "");
    told.page.each([](const Rows& rows) {
      Out out;
      encode::json(rows, out);
      CHECK(nlohmann::json::accept(out.view()));
    });
    const auto& whole = before.of.at(told.entry->name);
    if (!concerned) CHECK((text == whole));
    if (!concerned) return;
    const auto there = samples_of(whole);
    const auto shown = samples_of(text);
    for (const auto& sample : shown)
      if (!has_optional_labels(sample) && !there.contains(sample)) FAIL_CHECK(sample << " was made up");
    CHECK(shown.size() <= there.size());
    if (*file.loses == Loses::nothing) CHECK((text == whole));
  }
};

class Machine {
 public:
  Machine(const char* name, Ends not_asked)
      : not_asked_(not_asked),
        machine_(test::machine(name)),
        tree_(name),
        forbids_(may_be_forbidden(tree_)),
        host_(make()) {
    tree_.remove("forbidden");
    test::answer(probe_, machine_, tree_.roots());
    fs::permissions(tree_.path(""), fs::perms::all);
    host_->collect();
    before_.all = host_->text();
    for (const auto& told : host_->all()) {
      CHECK_MESSAGE(told.done.has_value(), told.entry->name);
      before_.of[told.entry->name] = host_->text_of(told);
    }
    for (const auto& each : fs::recursive_directory_iterator(tree_.path("")))
      if (each.is_regular_file()) paths_.insert(fs::relative(each.path(), tree_.path("")));
  }

  void break_all() {
    REQUIRE(paths_.size() > 30);
    for (const auto& path : paths_)
      for (const auto& [fault, name] : faults)
        if (fault != Fault::forbidden || forbids_) break_one(path, fault, name);
    if (!forbids_) MESSAGE("nobody can be forbidden anything here: not tried");
  }

 private:
  void break_one(const std::string& path, Fault fault, std::string_view name) {
    const auto whole = text_of(path);
    const Check check{before_, path, name, file_of(path, not_asked_), fault};
    const Growth growth;
    put(tree_, path, fault, whole);
    const auto fresh = make();
    {
      const Unprivileged now(fault == Fault::forbidden);
      fresh->collect();
      host_->collect();
    }
    check.broken(*fresh);
    const bool read_once = path == "sys/devices/system/cpu/isolated";
    if (!read_once) check.broken(*host_);
    tree_.file(path, whole);
    for (auto* host : {fresh.get(), host_.get()}) {
      if (host == fresh.get() && read_once && fault == Fault::empty) continue;  // a list of none is a list
      host->collect();
      CHECK_MESSAGE((host->text() == before_.all), path << " was " << name << " and is back");
    }
    CHECK_MESSAGE(growth.kib() <= 32 * 1024, path << " is " << name);
  }

  std::unique_ptr<test::WholeHost> make() {
    return std::make_unique<test::WholeHost>(tree_.roots(), machine_.flags, probe_);
  }
  std::string text_of(const std::string& path) const {
    std::ifstream in(tree_.path(path), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Ends not_asked_;
  test::Machine machine_;
  test::Tree tree_;
  bool forbids_;
  test::FakeProbe probe_;
  std::unique_ptr<test::WholeHost> host_;
  Before before_;
  std::set<std::string> paths_;
};

}  // namespace

TEST_SUITE("faults") {
  TEST_CASE("a broken file of a laptop stops only who reads it, and heals") {
    Machine("laptop", not_asked_on_the_laptop).break_all();
  }
  TEST_CASE("a broken file of a server stops only who reads it, and heals") {
    Machine("numa_server", not_asked_on_the_server).break_all();
  }
}
