#include "collectors/cpu/sysfs.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>

namespace sysfs_test {

using namespace vitald;

namespace {

const Table<cpu::Isolated> table{};

std::string isolated(std::string_view list) {
  Sheet<cpu::Isolated> sheet{table};
  const auto done = cpu::parse_isolated(list, sheet);
  if (!done) return to_string(done.error());
  std::string all;
  for (const auto& row : sheet.view()) all.append(row.cpu).push_back(' ');
  return all;
}

struct Sheets {
  Table<cpu::CoreThrottles> core_table;
  Table<cpu::PackageThrottles> package_table;
  Table<cpu::Online> online_table;
  Sheet<cpu::CoreThrottles> cores{core_table};
  Sheet<cpu::PackageThrottles> packages{package_table};
  Sheet<cpu::Online> online{online_table};

  Result<void> collect(cpu::SysFiles& files, bool same_processors) {
    cores.rewind();
    packages.rewind();
    online.rewind();
    return files.collect(same_processors, {cores, packages, online});
  }
  std::string told(cpu::SysFiles& files, bool same_processors) {
    if (const auto done = collect(files, same_processors); !done) return to_string(done.error());
    std::string all;
    for (const auto& row : cores.view()) all.append(row.core) += "=" + std::to_string(row.count) + " ";
    for (const auto& row : packages.view())
      all.append("p").append(row.package) += "=" + std::to_string(row.count) + " ";
    for (const auto& row : online.view()) all.append("cpu").append(row.cpu) += "=" + std::to_string(row.online) + " ";
    return all;
  }
};

void cpu_folder(const test::Tree& tree, const std::string& name, const std::string& core, const char* count) {
  const auto below = "sys/devices/system/cpu/" + name;
  tree.file(below + "/topology/core_id", core + "\n");
  tree.file(below + "/topology/physical_package_id", "0\n");
  tree.file(below + "/thermal_throttle/core_throttle_count", count);
  tree.file(below + "/thermal_throttle/package_throttle_count", count);
  tree.file(below + "/online", "1\n");
}

}  // namespace

TEST_SUITE("cpu/sysfs") {
  TEST_CASE("a list of processors: single ones, ranges, none") {
    CHECK(isolated("\n").empty());
    CHECK(isolated("").empty());
    CHECK(isolated("3\n") == "3 ");
    CHECK(isolated("1-3,5,10-11\n") == "1 2 3 5 10 11 ");
    CHECK(isolated("2-4,3\n") == "2 3 4 ");
    for (const char* bad : {"x", "1-", "-1", "3-1", "1,,2", "1--2", "1-2-3", "0-99999999", "1 2", "\xff"})
      CHECK_MESSAGE(isolated(bad).starts_with("/sys"), bad);
  }

  TEST_CASE("the kernel's own files are found once, and then only read; the result is the same") {
    Sheets sheets;
    cpu::SysFiles files("/sys");
    const auto first = sheets.told(files, false);
    CHECK_FALSE(first.starts_with("/sys"));
    CHECK(sheets.told(files, true) == first);
    CHECK(test::allocations_of([&] { CHECK(sheets.collect(files, true).has_value()); }) == 0);
  }

  TEST_CASE("what was found is read again without looking for more, until the processors are others") {
    test::Tree tree;
    cpu_folder(tree, "cpu0", "0", "1\n");
    cpu_folder(tree, "cpu1", "4", "2\n");
    tree.file("sys/devices/system/cpu/present", "0-1\n");
    Sheets sheets;
    cpu::SysFiles files(tree.roots().sys, cpu::SysFiles::Trust::anything);
    CHECK(sheets.told(files, false) == "0=1 4=2 p0=1 cpu0=1 cpu1=1 ");
    tree.file("sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "3\n");
    tree.file("sys/devices/system/cpu/cpu1/online", "0\n");
    cpu_folder(tree, "cpu2", "8", "9\n");
    CHECK(sheets.told(files, true) == "0=1 4=3 p0=1 cpu0=1 cpu1=0 ");
    CHECK(sheets.told(files, false) == "0=1 4=3 8=9 p0=1 cpu0=1 cpu1=0 cpu2=1 ");
    cpu_folder(tree, "cpu3", "9", "9\n");
    tree.file("sys/devices/system/cpu/present", "0-3\n");
    CHECK(sheets.told(files, true) == "0=1 4=3 8=9 9=9 p0=1 cpu0=1 cpu1=0 cpu2=1 cpu3=1 ");
    CHECK(test::allocations_of([&] { CHECK(sheets.collect(files, true).has_value()); }) == 0);
  }

  TEST_CASE("what vanishes or breaks is looked for anew at once") {
    test::Tree tree;
    cpu_folder(tree, "cpu0", "0", "1\n");
    cpu_folder(tree, "cpu1", "0", "2\n");
    Sheets sheets;
    cpu::SysFiles files(tree.roots().sys, cpu::SysFiles::Trust::anything);
    CHECK(sheets.told(files, false) == "0=1 p0=1 cpu0=1 cpu1=1 ");
    tree.remove("sys/devices/system/cpu/cpu0/thermal_throttle");
    CHECK(sheets.told(files, true) == "0=2 p0=2 cpu0=1 cpu1=1 ");
    tree.file("sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "x\n");
    CHECK(sheets.told(files, true) == "p0=2 cpu0=1 cpu1=1 ");
    tree.file("sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "2");
    CHECK(sheets.told(files, false) == "0=2 p0=2 cpu0=1 cpu1=1 ");
    tree.file("sys/devices/system/cpu/cpu1/online", "0\n");
    CHECK(sheets.told(files, true) == "0=2 p0=2 cpu0=1 cpu1=0 ");
    tree.remove("sys/devices");
    CHECK(sheets.told(files, true).empty());
  }

  TEST_CASE("what is no natural number has nothing to tell; blanks around one do not matter") {
    test::Tree tree;
    cpu_folder(tree, "cpu0", "0", "1\n");
    cpu_folder(tree, "cpu1", "4", "2\n");
    Sheets sheets;
    cpu::SysFiles files(tree.roots().sys, cpu::SysFiles::Trust::anything);
    const std::string below = "sys/devices/system/cpu/cpu1/";
    for (const char* odd : {"-1\n", "-2\n", "", "\n", "x\n", "1 2\n", "1\n2\n", "99999999999999999999\n"}) {
      CAPTURE(odd);
      for (const char* file : {"topology/core_id", "topology/physical_package_id",
                               "thermal_throttle/core_throttle_count", "thermal_throttle/package_throttle_count"}) {
        tree.file(below + file, odd);
        const bool counts = std::string_view(file).find("package_throttle") != std::string_view::npos;
        CHECK(sheets.told(files, false) == (counts ? "0=1 4=2 p0=1 cpu0=1 cpu1=1 " : "0=1 p0=1 cpu0=1 cpu1=1 "));
        cpu_folder(tree, "cpu1", "4", "2 \n");
      }
      tree.file(below + "online", odd);
      for (const bool same : {false, true}) CHECK(sheets.told(files, same) == "0=1 4=2 p0=1 cpu0=1 cpu1=0 ");
      cpu_folder(tree, "cpu1", "4 ", "2");
      tree.file(below + "online", "1");
      for (const bool same : {true, false}) CHECK(sheets.told(files, same) == "0=1 4=2 p0=1 cpu0=1 cpu1=1 ");
    }
  }
}

}  // namespace sysfs_test
