#include "collectors/cpu/sysfs.hpp"

#include "tests/support/allocations.hpp"

#include <doctest/doctest.h>

#include <algorithm>

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
    const Table<cpu::CoreThrottles> core_table{};
    const Table<cpu::PackageThrottles> package_table{};
    const Table<cpu::Online> online_table{};
    Sheet<cpu::CoreThrottles> cores{core_table};
    Sheet<cpu::PackageThrottles> packages{package_table};
    Sheet<cpu::Online> online{online_table};
    const auto rewind = [&] { cores.rewind(), packages.rewind(), online.rewind(); };
    cpu::SysFiles files("/sys");
    REQUIRE(files.collect(false, {cores, packages, online}).has_value());
    const auto found = std::tuple(cores.view().size(), packages.view().size(), online.view().size());
    rewind();
    REQUIRE(files.collect(true, {cores, packages, online}).has_value());
    CHECK(found == std::tuple(cores.view().size(), packages.view().size(), online.view().size()));
    CHECK(test::allocations_of([&] {
            rewind();
            CHECK(files.collect(true, {cores, packages, online}).has_value());
          }) == 0);
  }
}
