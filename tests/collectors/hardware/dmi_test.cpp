#include "collectors/hardware/dmi.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

namespace dmi_test {

using namespace vitald;

namespace {

OptionalText parsed(std::string_view text) {
  OptionalText out;
  hardware::parse_dmi(text, out);
  return out;
}

}  // namespace

TEST_SUITE("hardware/dmi") {
  TEST_CASE("what a scrape and the API show: the labels are those whose files can be read") {
    test::Tree tree;
    tree.file("sys/class/dmi/id/bios_vendor", "Vendor \"A\"\n");
    tree.file("sys/class/dmi/id/product_serial", "\n");
    tree.file("sys/class/dmi/id/sys_vendor", "  Maker  \n");
    tree.file("sys/class/dmi/id/chassis_type", "3\n");
    tree.dir("sys/class/dmi/id/product_name");
    test::Running dmi(tree, "dmi");
    CHECK(dmi.text() ==
          "# HELP node_dmi_info What the machine's firmware says of it, as far as it may be read.\n"
          "# TYPE node_dmi_info gauge\n"
          "node_dmi_info{bios_vendor=\"Vendor \\\"A\\\"\",product_serial=\"\",system_vendor=\"Maker\"} 1\n");
    CHECK(dmi.json().find(R"("bios_vendor":"Vendor \"A\"","bios_version":null)") != std::string::npos);
    CHECK(test::allocations_of([&] { CHECK(dmi.collect().has_value()); }) == 0);
    tree.remove("sys/class/dmi/id/sys_vendor");  // a copy is read each time
    tree.file("sys/class/dmi/id/product_serial", "S1\n");
    CHECK(test::lines(dmi.text(), "node_") ==
          "node_dmi_info{bios_vendor=\"Vendor \\\"A\\\"\",product_serial=\"S1\"} 1\n");
  }

  TEST_CASE("a machine without firmware tables has no data") {
    test::Tree tree;
    test::Running dmi(tree, "dmi");
    CHECK(dmi.collect().error().code == Parse::no_data);
    tree.dir("sys/class/dmi/id");
    CHECK(dmi.collect().error().code == Parse::no_data);
    tree.file("sys/class/dmi/id/uevent", "MODALIAS=dmi:\n");
    CHECK(dmi.collect().error().code == Parse::no_data);
    tree.remove("sys/class/dmi/id");
    tree.file("sys/class/dmi/id", "x");
    CHECK(dmi.collect().has_error());
  }

  TEST_CASE("a copy's text may lack its end, one that is too long is read as far as the peer does") {
    for (const char* text : {"abc\n", "abc"}) CHECK(parsed(text).view() == "abc");
    for (const char* text : {"\n", ""}) CHECK((parsed(text).there() && parsed(text).view().empty()));
    CHECK(parsed(std::string(300, 'y') + "\n").view() == std::string(128, 'y'));
    CHECK(parsed("two\nlines\n").view() == "two\nlines");
    CHECK(parsed(" \t\v a b \f\n").view() == "a b");
  }

  TEST_CASE("of bytes that are not UTF-8 one is left for each run") {
    CHECK(parsed("a\xff\xfe"
                 "b\xc3\xa9\xe2\x82"
                 "c\n")
              .view() ==
          "a\xff"
          "b\xc3\xa9\xe2"
          "c");
  }
}

}  // namespace dmi_test
