#include "collectors/hardware/edac.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace edac_test {

using namespace vitald;

namespace {

const std::string below = "sys/devices/system/edac/mc/";

void counts(const test::Tree& tree, const std::string& folder, const char* corrected, const char* not_corrected) {
  tree.file(below + folder + "/ce_count", corrected);
  tree.file(below + folder + "/ue_count", not_corrected);
}

void controller(const test::Tree& tree, const std::string& name) {
  counts(tree, name, "3\n", "1\n");
  tree.file(below + name + "/ce_noinfo_count", "2\n");
  tree.file(below + name + "/ue_noinfo_count", "0\n");
}

std::string label(std::string_view text) {
  Text out;
  hardware::parse_dimm_label(text, out);
  return std::string(out.view());
}

}  // namespace

TEST_SUITE("hardware/edac") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    controller(tree, "mc0");
    counts(tree, "mc0/csrow1", "1\n", "0\n");
    tree.file(below + "mc0/csrow1/ch0_ce_count", "1\n");
    tree.file(below + "mc0/csrow1/ch0_ue_count", "0\n");
    tree.file(below + "mc0/csrow1/ch0_dimm_label", "mc#0csrow#1channel#0\n");
    tree.file(below + "mc0/csrow1/ch11_ce_count", "5\n");
    tree.dir(below + "mc0/power");
    tree.dir(below + "power");
    test::Running edac(tree, "edac");
    CHECK(test::lines(edac.text(), "node_") ==
          "node_edac_correctable_errors_total{controller=\"0\"} 3\n"
          "node_edac_uncorrectable_errors_total{controller=\"0\"} 1\n"
          "node_edac_csrow_correctable_errors_total{controller=\"0\",csrow=\"unknown\"} 2\n"
          "node_edac_csrow_correctable_errors_total{controller=\"0\",csrow=\"1\"} 1\n"
          "node_edac_csrow_uncorrectable_errors_total{controller=\"0\",csrow=\"unknown\"} 0\n"
          "node_edac_csrow_uncorrectable_errors_total{controller=\"0\",csrow=\"1\"} 0\n"
          "node_edac_channel_correctable_errors_total{channel=\"0\",controller=\"0\",csrow=\"1\","
          "dimm_label=\"mc0_csrow1_channel0\"} 1\n"
          "node_edac_channel_correctable_errors_total{channel=\"11\",controller=\"0\",csrow=\"1\","
          "dimm_label=\"unknown\"} 5\n"
          "node_edac_channel_uncorrectable_errors_total{channel=\"0\",controller=\"0\",csrow=\"1\","
          "dimm_label=\"mc0_csrow1_channel0\"} 0\n");
    CHECK(edac.json().starts_with(R"([{"controller":"0","correctable_errors":3,"uncorrectable_errors":1}])"));
    CHECK(test::allocations_of([&] { CHECK(edac.collect().has_value()); }) == 0);
  }

  TEST_CASE("labels: # is left out, csrow and channel are set apart") {
    CHECK(label("CPU_SrcID#0_MC#1_Chan#2_DIMM#0") == "CPU_SrcID0_MC1_Chan2_DIMM0");
    CHECK(label("csrow#2channel#1") == "_csrow2_channel1");
    CHECK(label("###") == "unknown");
    CHECK(label("") == "unknown");
    CHECK(label("a\"b") == "a\"b");
  }

  TEST_CASE("no controller is no series and no fault; controllers come and go") {
    test::Tree tree;
    test::Running edac(tree, "edac");
    CHECK(edac.text().empty());
    tree.dir(below + "mcx");
    CHECK(edac.text().empty());
    controller(tree, "mc0");
    controller(tree, "mc10");
    CHECK(test::lines(edac.text(), "node_edac_correctable") ==
          "node_edac_correctable_errors_total{controller=\"0\"} 3\n"
          "node_edac_correctable_errors_total{controller=\"10\"} 3\n");
    tree.remove(below + "mc0");
    CHECK(test::lines(edac.text(), "node_edac_uncorrectable") ==
          "node_edac_uncorrectable_errors_total{controller=\"10\"} 1\n");
  }

  TEST_CASE("a count that is missing or no number is a fault, and a mended one is read again") {
    test::Tree tree;
    controller(tree, "mc0");
    counts(tree, "mc0/csrow0", "1\n", "2\n");
    tree.file(below + "mc0/csrow0/ch0_ce_count", "1\n");
    tree.file(below + "mc0/csrow0/ch0_ue_count", "1\n");
    test::Running edac(tree, "edac");
    for (const char* file : {"ce_count", "ue_count", "ce_noinfo_count", "ue_noinfo_count", "csrow0/ce_count",
                             "csrow0/ue_count", "csrow0/ch0_ce_count", "csrow0/ch0_ue_count"}) {
      const auto path = below + "mc0/" + file;
      for (const char* bad : {"x\n", "-1\n", "1 2\n", "0x10\n", "18446744073709551616\n"}) {
        tree.file(path, bad);
        CHECK_MESSAGE(state_of(edac.collect().error()) == State::parse, path << ": " << bad);
      }
      tree.remove(path);
      CHECK_MESSAGE(edac.collect().has_error() == (path.find("/ch0") == path.npos), path);
      tree.file(path, "1\n");
      CHECK(edac.collect().has_value());
    }
  }
}

}  // namespace edac_test
