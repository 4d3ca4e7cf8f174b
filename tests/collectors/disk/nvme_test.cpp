#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace nvme_test {

using namespace vitald;
using test::lines;

namespace {

constexpr const char* files[] = {"firmware_rev", "model", "serial", "state", "cntlid"};

std::string in(std::string_view controller, std::string_view file) {
  return std::string("sys/class/nvme/").append(controller).append("/").append(file);
}

void write(const test::Tree& tree) {
  tree.file(in("nvme0", "firmware_rev"), "1B2QEXP7\n");
  tree.file(in("nvme0", "model"), "Samsung SSD 970 PRO 512GB               \n");
  tree.file(in("nvme0", "serial"), "S680HF8N190894I     \n");
  tree.file(in("nvme0", "state"), "live\n");
  tree.file(in("nvme0", "cntlid"), "1997\n");
  tree.file(in("nvme0", "nvme0n1/size"), "1000\n");
  tree.file(in("nvme0", "nvme0n1/nuse"), "400\n");
  tree.file(in("nvme0", "nvme0n1/queue/logical_block_size"), "4096\n");
  tree.file(in("nvme0", "nvme0n1/ana_state"), "optimized\n");
}

constexpr std::string_view page =
    "# HELP node_nvme_info What the controller is, and its state.\n# TYPE node_nvme_info gauge\n"
    "node_nvme_info{cntlid=\"1997\",device=\"nvme0\",firmware_revision=\"1B2QEXP7\",model=\"Samsung SSD 970 PRO "
    "512GB\","
    "serial=\"S680HF8N190894I\",state=\"live\"} 1\n"
    "# HELP node_nvme_namespace_capacity_bytes Size of the namespace.\n"
    "# TYPE node_nvme_namespace_capacity_bytes gauge\n"
    "node_nvme_namespace_capacity_bytes{device=\"nvme0\",nsid=\"1\"} 4096000\n"
    "# HELP node_nvme_namespace_info A namespace, and how the controller reaches it.\n"
    "# TYPE node_nvme_namespace_info gauge\n"
    "node_nvme_namespace_info{ana_state=\"optimized\",device=\"nvme0\",nsid=\"1\"} 1\n"
    "# HELP node_nvme_namespace_logical_block_size_bytes Size of a block.\n"
    "# TYPE node_nvme_namespace_logical_block_size_bytes gauge\n"
    "node_nvme_namespace_logical_block_size_bytes{device=\"nvme0\",nsid=\"1\"} 4096\n"
    "# HELP node_nvme_namespace_size_bytes Size of the namespace, too.\n"
    "# TYPE node_nvme_namespace_size_bytes gauge\n"
    "node_nvme_namespace_size_bytes{device=\"nvme0\",nsid=\"1\"} 4096000\n"
    "# HELP node_nvme_namespace_used_bytes What of the namespace is in use.\n"
    "# TYPE node_nvme_namespace_used_bytes gauge\n"
    "node_nvme_namespace_used_bytes{device=\"nvme0\",nsid=\"1\"} 1638400\n";

}  // namespace

TEST_SUITE("disk/nvme") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    write(tree);
    test::Running nvme(tree, "nvme");
    CHECK(nvme.text() == page);
    CHECK(nvme.json().ends_with(R"([{"device":"nvme0","nsid":"1","ana_state":"optimized","capacity_bytes":4096000,)"
                                R"("logical_block_size_bytes":4096,"size_bytes":4096000,"used_bytes":1638400}])"));
    CHECK(test::allocations_of([&] { CHECK(nvme.collect().has_value()); }) == 0);
  }

  TEST_CASE("without the class there is no data; controllers and namespaces come and go") {
    test::Tree tree;
    test::Running nvme(tree, "nvme");
    CHECK(state_of(nvme.collect().error()) == State::absent);
    tree.dir("sys/class/nvme");
    CHECK(nvme.text().empty());
    write(tree);
    CHECK(nvme.text() == page);
    for (const auto* file : files) tree.file(in("nvme10", file), "x\n");
    tree.dir(in("nvme10", "nvme10c3n12"));
    CHECK(lines(nvme.text(), "node_nvme_namespace_info") ==
          "node_nvme_namespace_info{ana_state=\"optimized\",device=\"nvme0\",nsid=\"1\"} 1\n"
          "node_nvme_namespace_info{ana_state=\"unknown\",device=\"nvme10\",nsid=\"12\"} 1\n");
    tree.remove(in("nvme0", "nvme0n1"));
    CHECK(lines(nvme.text(), "node_nvme_namespace").find("nvme0\"") == std::string::npos);
    tree.remove("sys/class/nvme/nvme10");
    write(tree);
    CHECK(nvme.text() == page);
  }

  TEST_CASE("only what is called like a namespace is one") {
    test::Tree tree;
    write(tree);
    for (const auto* name :
         {"nvme0n", "nvme0n1p1", "nvme0c1", "nvme0cn1", "nvmen1", "ng0n1", "hwmon3", "nvme0c1n", "power"})
      tree.dir(in("nvme0", name));
    CHECK(test::Running(tree, "nvme").text() == page);
  }

  TEST_CASE("a controller tells all of its files, a namespace what it has") {
    test::Tree tree;
    write(tree);
    test::Running nvme(tree, "nvme");
    for (const auto* file : files) {
      tree.file(in("nvme0", file), "");
      CHECK_MESSAGE(state_of(nvme.collect().error()) == State::parse, file);
      tree.remove(in("nvme0", file));
      CHECK_MESSAGE(nvme.collect().has_error(), file);
      write(tree);
      CHECK(nvme.text() == page);
    }
    tree.remove(in("nvme0", "nvme0n1/nuse"));  // before Linux 6.8
    CHECK(lines(nvme.text(), "node_nvme_namespace_used_bytes").empty());
    CHECK(lines(nvme.text(), "node_nvme_namespace_size_bytes").ends_with(" 4096000\n"));
    tree.remove(in("nvme0", "nvme0n1/queue"));
    CHECK(lines(nvme.text(), "node_nvme_namespace_size_bytes").empty());
    for (const auto* bad : {"-1\n", "x\n", "1 000\n"}) {
      tree.file(in("nvme0", "nvme0n1/size"), bad);
      CHECK_MESSAGE(state_of(nvme.collect().error()) == State::parse, bad);
    }
    write(tree);
    tree.file(in("nvme0", "nvme0n1/size"), "1000");  // a copy's text may lack its end
    CHECK(lines(nvme.text(), "node_nvme_namespace_size_bytes").ends_with(" 4096000\n"));
    tree.file(in("nvme0", "nvme0n1/size"), "18446744073709551615\n");  // its product is no number of 64 bits
    CHECK(lines(nvme.text(), "node_nvme_namespace_size_bytes").empty());
  }

  TEST_CASE("a model may be any text") {
    test::Tree tree;
    write(tree);
    tree.file(in("nvme0", "model"), "a \"b\" \\ \xff\n");
    CHECK(test::Running(tree, "nvme").text().find("model=\"a \\\"b\\\" \\\\ \xEF\xBF\xBD\"") != std::string::npos);
  }
}

}  // namespace nvme_test
