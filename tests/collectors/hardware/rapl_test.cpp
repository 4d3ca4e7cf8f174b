#include "collectors/hardware/rapl.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace rapl_test {

using namespace vitald;

namespace {

const std::string below = "sys/class/powercap/";

void zone(const test::Tree& tree, const std::string& folder, const std::string& name, const char* energy) {
  tree.file(below + folder + "/name", name + "\n");
  tree.file(below + folder + "/energy_uj", energy);
  tree.file(below + folder + "/max_energy_range_uj", "262143328850\n");
}

std::string family(std::string_view name) {
  Text out;
  hardware::family_of_zone(name, out);
  return std::string(out.view());
}

}  // namespace

TEST_SUITE("hardware/rapl") {
  TEST_CASE("what a scrape and the API show: a family for each kind of zone") {
    test::Tree tree;
    tree.file(below + "intel-rapl/enabled", "1\n");
    zone(tree, "intel-rapl:0", "package-0", "240422366267\n");
    zone(tree, "intel-rapl:0:0", "core", "118821284256\n");
    zone(tree, "intel-rapl:1", "package-1", "7\n");
    zone(tree, "intel-rapl:1:0", "core", "0\n");
    test::Running rapl(tree, "rapl");
    const auto path = tree.path("sys/class/powercap/");
    CHECK(rapl.text() ==
          "# HELP node_rapl_core_joules_total Energy taken; the kernel's counter wraps.\n"
          "# TYPE node_rapl_core_joules_total counter\n"
          "node_rapl_core_joules_total{index=\"0\",path=\"" +
              path +
              "intel-rapl:0:0\"} 118821.284256\n"
              "node_rapl_core_joules_total{index=\"1\",path=\"" +
              path +
              "intel-rapl:1:0\"} 0\n"
              "# HELP node_rapl_package_joules_total Energy taken; the kernel's counter wraps.\n"
              "# TYPE node_rapl_package_joules_total counter\n"
              "node_rapl_package_joules_total{index=\"0\",path=\"" +
              path +
              "intel-rapl:0\"} 240422.366267\n"
              "node_rapl_package_joules_total{index=\"1\",path=\"" +
              path + "intel-rapl:1\"} 7e-06\n");
    CHECK(rapl.json().find(R"("name":"core_joules_total","value":118821.284256})") != std::string::npos);
    CHECK(test::allocations_of([&] { CHECK(rapl.collect().has_value()); }) == 0);
    test::Running labelled(tree, "rapl", {{"collector.rapl.enable-zone-label", "true"}});
    CHECK(test::lines(labelled.text(), "node_rapl_joules_total{index=\"1\"") ==
          "node_rapl_joules_total{index=\"1\",path=\"" + path +
              "intel-rapl:1:0\",rapl_zone=\"core\"} 0\n"
              "node_rapl_joules_total{index=\"1\",path=\"" +
              path + "intel-rapl:1\",rapl_zone=\"package\"} 7e-06\n");
  }

  TEST_CASE("only names of two words that end with a number say their index") {
    using hardware::parse_zone_name;
    CHECK((parse_zone_name("package-1").name == "package" && parse_zone_name("package-1").index == 1));
    CHECK((parse_zone_name("dram-07").index == 7));
    for (const char* name : {"core", "package-0-die-1", "x-y", "a-", "-", ""}) {
      CHECK(parse_zone_name(name).name == name);
      CHECK_FALSE(parse_zone_name(name).index);
    }
  }

  TEST_CASE("what can be no part of a family's name is one _ for each character") {
    CHECK(family("package-0-die-1") == "package_0_die_1_joules_total");
    CHECK(family("we\"ird n\xc3\xa4me") == "we_ird_n_me_joules_total");
    CHECK(family("psys") == "psys_joules_total");
  }

  TEST_CASE("zones of one name are counted on from the last one that said its number") {
    test::Tree tree;
    zone(tree, "a", "package-4", "1\n");
    zone(tree, "b", "package", "1\n");
    zone(tree, "c", "package", "1\n");
    test::Running rapl(tree, "rapl");
    const auto text = rapl.text();
    for (const char* index : {"4", "5", "6"})
      CHECK(text.find(std::string("{index=\"") + index + "\"") != std::string::npos);
  }

  TEST_CASE("no folder, no range and no counter are no data; an empty folder is no series") {
    test::Tree tree;
    test::Running rapl(tree, "rapl");
    CHECK(rapl.collect().error().code == Parse::no_data);
    tree.dir(below);
    CHECK(rapl.text().empty());
    zone(tree, "intel-rapl:0", "package-0", "5\n");
    CHECK(rapl.collect().has_value());
    for (const char* file : {"energy_uj", "max_energy_range_uj"}) {
      tree.remove(below + "intel-rapl:0/" + file);
      CHECK(rapl.collect().error().code == Parse::no_data);
      for (const char* bad : {"5", "x\n", "-5\n", "1.5\n"}) {
        tree.file(below + "intel-rapl:0/" + file, bad);
        CHECK_MESSAGE(state_of(rapl.collect().error()) == State::parse, bad);
      }
      tree.file(below + "intel-rapl:0/" + file, "5\n");
      CHECK(rapl.collect().has_value());
    }
  }
}

}  // namespace rapl_test
