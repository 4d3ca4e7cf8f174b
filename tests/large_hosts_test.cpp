// Machines far larger than those of tests/hosts, made here: everything of them is shown, at a cost that grows with
// their size and no faster, and a warm reading still allocates nothing.
#include "http/encode/exposition.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace large_hosts_test {

using namespace vitald;
using test::Running, test::Tree;

namespace {

std::string text_of(std::size_t number) { return std::to_string(number); }

// ---- machines of a size

void interfaces(const Tree& tree, std::size_t count, test::FakeProbe&) {
  std::string table =
      "Inter-|   Receive                                                |  Transmit\n"
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier "
      "compressed\n";
  for (std::size_t i = 0; i < count; ++i) {
    const auto name = "veth" + text_of(i);
    table += name + ": " + text_of(i) + " 2 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n";
    for (const auto& [file, value] : {std::pair{"mtu", "1500"}, {"speed", "10000"}, {"operstate", "up"}})
      tree.file("sys/class/net/" + name + "/" + file, std::string(value) + "\n");
  }
  tree.file("proc/net/dev", table);
  tree.file("proc/1/net/dev", table);
}

void disks(const Tree& tree, std::size_t count, test::FakeProbe&) {
  std::string table;
  for (std::size_t i = 0; i < count; ++i)
    table += "   8 " + text_of(i) + " sd" + text_of(i) + "x 10 20 30 40 50 60 70 80 0 100 120 1 2 3 4 5 6\n";
  tree.file("proc/diskstats", table);
}

void mounts(const Tree& tree, std::size_t count, test::FakeProbe& probe) {
  std::string table = "1 1 254:0 / / rw - ext4 /dev/vda rw\n";
  probe.answers[tree.roots().rootfs] = {{}, 0, {4096, 1000, 500, 400, 99, 77, false}};
  for (std::size_t i = 1; i < count; ++i) {
    const auto point = "/srv/volume" + text_of(i);
    table += text_of(i + 1) + " 1 8:" + text_of(i) + " / " + point + " rw - xfs /dev/sd" + text_of(i) + " rw\n";
    probe.answers[tree.roots().rootfs + point] = {{}, 0, {4096, 1000, 500, 400, 99, 77, false}};
  }
  tree.file("proc/1/mountinfo", table);
}

void cores(const Tree& tree, std::size_t count, test::FakeProbe&) {
  std::string stat = "cpu  1 2 3 4 5 6 7 8 9 10\n", softnet, schedstat = "version 15\ntimestamp 4295000000\n";
  for (std::size_t i = 0; i < count; ++i) {
    const auto cpu = "cpu" + text_of(i);
    stat += cpu + " 10 20 30 40 50 60 70 80 90 100\n";
    softnet += "00000001 00000002 00000003 0 0 0 0 0 0 00000004 00000005\n";
    schedstat += cpu + " 0 0 0 0 0 0 1000000 2000000 3\n";
    const auto clock = "sys/devices/system/cpu/" + cpu + "/cpufreq/";
    for (const auto& [file, value] :
         {std::pair{"scaling_cur_freq", "1200000"}, {"scaling_min_freq", "800000"}, {"scaling_max_freq", "3700000"}})
      tree.file(clock + file, std::string(value) + "\n");
  }
  tree.file("sys/devices/system/cpu/offline", "\n");
  tree.file("proc/stat", stat + "intr 1\nctxt 2\nbtime 3\nprocesses 4\nprocs_running 1\nprocs_blocked 0\nsoftirq 1\n");
  tree.file("proc/net/softnet_stat", softnet);
  tree.file("proc/schedstat", schedstat);
}

struct Large {
  std::string_view collector, family;  // a family with a sample for each
  std::size_t count;
  void (*make)(const Tree&, std::size_t, test::FakeProbe&);
  test::Flags flags = {};
};

const Large machines[] = {
    {"netdev", "node_network_receive_bytes_total{", 200, interfaces, {{"collector.netdev.netlink", "false"}}},
    {"netclass", "node_network_mtu_bytes{", 200, interfaces},
    {"diskstats", "node_disk_reads_completed_total{", 500, disks},
    {"filesystem", "node_filesystem_size_bytes{", 5000, mounts},
    {"cpu", "node_cpu_seconds_total{", 256, cores},
    {"softnet", "node_softnet_processed_total{", 256, cores},
    {"schedstat", "node_schedstat_timeslices_total{", 256, cores},
    {"cpufreq", "node_cpu_scaling_frequency_hertz{", 256, cores},
};

// ---- what a reading and its text cost

std::int64_t cpu_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

struct Cost {
  std::int64_t ns;
  std::size_t samples, bytes, allocations;
};

std::size_t samples_of(std::string_view text, std::string_view start) {
  std::size_t found = text.starts_with(start) ? 1 : 0;
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
    if (text.substr(at + 1).starts_with(start)) ++found;
  return found;
}

Cost cost_of(const Large& large, std::size_t count) {
  const Tree tree;
  Running running(tree, large.collector, large.flags);
  large.make(tree, count, running.probe);
  const auto text = running.text();
  Cost cost{0, samples_of(text, large.family), text.size(), 0};
  std::array<std::int64_t, 5> times{};
  for (auto& time : times) {
    const auto begin = cpu_ns();
    cost.allocations = test::allocations_of([&] { CHECK_FALSE(running.collect().has_error()); });
    time = cpu_ns() - begin;
  }
  cost.ns = std::ranges::min(times);
  return cost;
}

}  // namespace

TEST_SUITE("large_hosts") {
  TEST_CASE("all of a large machine is shown, at a cost that grows no faster than it") {
    for (const auto& large : machines) {
      INFO(std::string(large.collector));
      const auto quarter = cost_of(large, large.count / 4), whole = cost_of(large, large.count);
      CHECK(quarter.samples > 0);
      CHECK(whole.samples == 4 * quarter.samples);
      CHECK(whole.bytes < 5 * quarter.bytes);
      CHECK(whole.ns < 10 * quarter.ns + 2'000'000);  // squared, it would be sixteen times
      CHECK(whole.ns < 1'000'000'000);
    }
  }

  TEST_CASE("a warm reading of it allocates nothing") {
    for (const auto& large : machines) {
      if (large.make == mounts) continue;  // the test's probe keeps what it is asked
      INFO(std::string(large.collector));
      CHECK(cost_of(large, large.count).allocations == 0);
    }
  }
}

}  // namespace large_hosts_test
