// Each file of a machine, broken in each way: who reads it says so, all others go on, and it heals.
#include "collectors/base/scan.hpp"
#include "http/encode/json.hpp"
#include "tests/support/who_reads.hpp"
#include "tests/support/whole_host.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

namespace faults_test {

using namespace vitald;
namespace fs = std::filesystem;
using test::Broken, test::Ends, test::Loses;

namespace {

std::set<std::string> samples_of(std::string text) {
  std::set<std::string> all;
  for (std::string_view rest = text; !rest.empty();)
    if (const auto line = scan::take_line(rest); !line.starts_with('#')) all.emplace(line);
  return all;
}

// Where a label or a state is not told, the sample is another one.
bool has_optional_labels(const std::string& sample) {
  constexpr std::string_view infos[] = {"node_bcachefs_device_info{",
                                        "node_bonding_",
                                        "node_btrfs_info{",
                                        "node_cpu_online{",
                                        "node_cpu_scaling_governor{",
                                        "node_disk_info{",
                                        "node_dmi_info{",
                                        "node_dmmultipath_",
                                        "node_edac_channel_",
                                        "node_fibrechannel_",
                                        "node_hwmon_",
                                        "node_infiniband_info{",
                                        "node_network_",
                                        "node_nvme_info{",
                                        "node_nvme_namespace_info{",
                                        "node_power_supply_info{",
                                        "node_rapl_",
                                        "node_thermal_zone_temp{",
                                        "node_watchdog_info{"};
  return std::ranges::any_of(infos, [&](std::string_view each) { return sample.starts_with(each); });
}

void valid(const std::string& text, const Page& page) {
  CHECK(test::fault_of_exposition(text) == "");
  page.each([](const Rows& rows) {
    Out out;
    encode::json(rows, out);
    CHECK(nlohmann::json::accept(out.view()));
  });
}

struct Before {
  std::string all;
  std::map<std::string_view, std::string> of;  // by collector
  std::set<std::string_view> not_there;        // collectors for which the machine has nothing to tell
};

struct Check {
  const Before& before;
  std::string_view path, how_named;
  const test::File& file;
  Broken how;

  void broken(test::WholeHost& host) const {
    for (auto& told : host.all()) {
      const auto name = told.entry->name;
      const bool may_fail = test::among(file.collectors, name);
      const bool concerned = may_fail || test::among(file.go_on, name);
      INFO(std::string(path) << " is " << std::string(how_named) << ": " << std::string(name));
      CHECK(told.took < std::chrono::seconds(2));
      if (before.not_there.contains(name)) {
        CHECK(told.done.has_error());
        continue;
      }
      CHECK(told.done.has_error() == (may_fail && fails(file, how)));
      if (told.done) shows_no_more(host, told, concerned);
    }
  }

  void shows_no_more(test::WholeHost& host, test::WholeHost::Told& told, bool concerned) const {
    const auto text = host.text_of(told);
    const auto& whole = before.of.at(told.entry->name);
    if (!concerned || file.loses == Loses::nothing) {
      CHECK((text == whole));
      return;
    }
    valid(text, told.page);
    const auto there = samples_of(whole);
    const auto shown = samples_of(text);
    for (const auto& sample : shown)
      if (!has_optional_labels(sample) && !there.contains(sample)) FAIL_CHECK(sample << " was made up");
    CHECK(shown.size() <= there.size());
  }
};

class Machine {
 public:
  Machine(const char* name, Ends not_asked)
      : not_asked_(not_asked),
        machine_(test::machine(name)),
        tree_(name),
        forbids_(test::can_be_forbidden(tree_)),
        host_(make()) {
    test::answer(probe_, machine_, tree_.roots());
    fs::permissions(tree_.path(""), fs::perms::all);
    host_->collect();
    before_.all = host_->text();
    for (const auto& told : host_->all()) {
      if (!told.done) {
        CHECK_MESSAGE(state_of(told.done.error()) == State::absent, told.entry->name);
        before_.not_there.insert(told.entry->name);
      }
      before_.of[told.entry->name] = host_->text_of(told);
      valid(before_.of[told.entry->name], told.page);
    }
    for (const auto& each : fs::recursive_directory_iterator(tree_.path("")))
      if (each.is_regular_file()) paths_.insert(fs::relative(each.path(), tree_.path("")));
  }

  ~Machine() { ::umask(mask_); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void break_all() {
    REQUIRE(paths_.size() > 15);
    for (const auto& path : paths_)
      for (const auto& [how, name] : test::all_broken)
        if (how != Broken::forbidden || forbids_) break_one(path, how, name);
    if (!forbids_) MESSAGE("nobody can be forbidden anything here: not tried");
  }

  // Where there are many of a kind: of those that are named alike and read by the same collectors, only the first.
  void break_one_of_each_kind() {
    std::set<std::string> kinds;
    std::erase_if(paths_, [&](const fs::path& path) {
      return !kinds.insert(path.filename().native() + " " + std::string(test::file_of(path.native(), {}).collectors))
                  .second;
    });
    break_all();
  }

 private:
  void break_one(const std::string& path, Broken how, std::string_view name) {
    const auto whole = text_of(path);
    const Check check{before_, path, name, test::file_of(path, not_asked_), how};
    const test::Growth growth;
    test::put(tree_, path, how, whole);
    const auto fresh = make();
    {
      const test::Unprivileged now(how == Broken::forbidden);
      fresh->collect();
      host_->collect();
    }
    check.broken(*fresh);
    const bool read_once = path == "sys/devices/system/cpu/isolated";
    if (!read_once) check.broken(*host_);
    tree_.file(path, whole);
    for (auto* host : {fresh.get(), host_.get()}) {
      if (host == fresh.get() && read_once && how == Broken::empty) continue;  // a list of none is a list
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

  mode_t mask_ = ::umask(022);  // nobody shall read what is not forbidden
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
    Machine("laptop", test::not_asked_on_the_laptop).break_all();
  }
  TEST_CASE("a broken file of a router stops only who reads it, and heals") { Machine("router", {}).break_all(); }
  TEST_CASE("a broken file of a server stops only who reads it, and heals") {
    Machine("numa_server", test::not_asked_on_the_server).break_all();
  }
  TEST_CASE("a broken file of a machine of storage stops only who reads it, and heals") {
    Machine("storage", {}).break_all();
  }
  TEST_CASE("a broken file of a small server stops only who reads it, and heals") {
    Machine("home_server", {}).break_all();
  }
  TEST_CASE("a broken file of a machine of sensors stops only who reads it, and heals") {
    Machine("workstation", {}).break_all();
  }
  TEST_CASE("a broken file of a cluster's node stops only who reads it, and heals") {
    Machine("cluster", {}).break_one_of_each_kind();
  }
  TEST_CASE("a broken file of a server of disks and tapes stops only who reads it, and heals") {
    Machine("san_server", test::not_asked_on_the_san_server).break_all();
  }
}

}  // namespace faults_test
