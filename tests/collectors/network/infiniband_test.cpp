#include "collectors/network/infiniband_port.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace infiniband_test {

using namespace vitald;

namespace {

std::string below(std::string_view device, std::string_view file) {
  return std::string("sys/class/infiniband/").append(device).append("/").append(file);
}

void adapter(const test::Tree& tree, std::string_view device) {
  tree.file(below(device, "board_id"), "MT_0000000023\n");
  tree.file(below(device, "fw_ver"), "16.35.2000\n");
  tree.file(below(device, "hca_type"), "MT4119\n");
}

void port(const test::Tree& tree, std::string_view device, const std::string& number) {
  tree.file(below(device, "ports/" + number + "/state"), "4: ACTIVE\n");
  tree.file(below(device, "ports/" + number + "/phys_state"), "5: LinkUp\n");
  tree.file(below(device, "ports/" + number + "/rate"), "2.5 Gb/sec (1X SDR)\n");
}

void usual(const test::Tree& tree) {
  adapter(tree, "mlx5_0");
  port(tree, "mlx5_0", "1");
  tree.file(below("mlx5_0", "ports/1/counters/symbol_error"), "3\n");
  tree.file(below("mlx5_0", "ports/1/counters/port_rcv_data"), "250\n");
  tree.file(below("mlx5_0", "ports/1/counters_ext/port_rcv_data_64"), "0x10\n");
  tree.file(below("mlx5_0", "ports/1/counters/VL15_dropped"), "N/A (no PMA)\n");
  tree.file(below("mlx5_0", "ports/1/hw_counters/lifespan"), "10999\n");
}

constexpr std::string_view usual_page =
    "node_infiniband_info{board_id=\"MT_0000000023\",device=\"mlx5_0\",firmware_version=\"16.35.2000\","
    "hca_type=\"MT4119\"} 1\n"
    "node_infiniband_legacy_data_received_bytes_total{device=\"mlx5_0\",port=\"1\"} 64\n"
    "node_infiniband_physical_state_id{device=\"mlx5_0\",port=\"1\"} 5\n"
    "node_infiniband_port_data_received_bytes_total{device=\"mlx5_0\",port=\"1\"} 1000\n"
    "node_infiniband_rate_bytes_per_second{device=\"mlx5_0\",port=\"1\"} 312500000\n"
    "node_infiniband_state_id{device=\"mlx5_0\",port=\"1\"} 4\n"
    "node_infiniband_symbol_error_total{device=\"mlx5_0\",port=\"1\"} 3\n"
    "node_infiniband_lifespan_seconds{device=\"mlx5_0\",port=\"1\"} 10\n";

}  // namespace

TEST_SUITE("network/infiniband") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    usual(tree);
    test::Running infiniband(tree, "infiniband");
    CHECK(test::lines(infiniband.text(), "node_") == usual_page);
    CHECK(infiniband.json().starts_with(
        R"([{"board_id":"MT_0000000023","device":"mlx5_0","firmware_version":"16.35.2000","hca_type":"MT4119"}])"));
    CHECK(test::allocations_of([&] { CHECK(infiniband.collect().has_value()); }) == 0);
  }

  TEST_CASE("adapters have ports, come, go and can be left out") {
    test::Tree tree;
    usual(tree);
    adapter(tree, "hfi1_0");
    port(tree, "hfi1_0", "1");
    port(tree, "hfi1_0", "2");
    tree.remove(below("hfi1_0", "board_id"));
    test::Running infiniband(tree, "infiniband");
    const auto states = [&](test::Running& from) { return test::lines(from.text(), "node_infiniband_state_id"); };
    const std::string first = "node_infiniband_state_id{device=\"hfi1_0\",port=\"1\"} 4\n";
    const std::string second = "node_infiniband_state_id{device=\"hfi1_0\",port=\"2\"} 4\n";
    const std::string third = "node_infiniband_state_id{device=\"mlx5_0\",port=\"1\"} 4\n";
    CHECK(states(infiniband) == first + second + third);
    CHECK(test::lines(infiniband.text(), "node_infiniband_info{board_id=\"\",device=\"hfi1_0\"") != "");
    tree.remove("sys/class/infiniband/hfi1_0");
    CHECK(test::lines(infiniband.text(), "node_") == usual_page);
    adapter(tree, "hfi1_0");
    port(tree, "hfi1_0", "1");
    CHECK(states(infiniband) == first + third);
    test::Running some(tree, "infiniband", {{"collector.infiniband.device-exclude", "^hfi"}});
    CHECK(states(some) == third);
    test::Running others(tree, "infiniband", {{"collector.infiniband.device-include", "^hfi"}});
    CHECK(states(others) == first);
  }

  TEST_CASE(
      "without the class there is no data, and an adapter or port of which the kernel says too little is a fault") {
    test::Tree tree;
    test::Running infiniband(tree, "infiniband");
    CHECK(state_of(infiniband.collect().error()) == State::absent);
    tree.dir("sys/class/infiniband");
    CHECK(infiniband.text().empty());
    for (const char* needed : {"fw_ver", "ports", "ports/1/state", "ports/1/phys_state", "ports/1/rate"}) {
      usual(tree);
      CHECK(infiniband.collect().has_value());
      tree.remove(below("mlx5_0", needed));
      CHECK_MESSAGE(infiniband.collect().has_error(), needed);
    }
  }

  TEST_CASE("what the kernel does not write is a fault, and the next good text is read again") {
    test::Tree tree;
    usual(tree);
    test::Running infiniband(tree, "infiniband");
    constexpr std::pair<const char*, const char*> odd[] = {{"state", "4 ACTIVE\n"},
                                                           {"state", ": X\n"},
                                                           {"phys_state", "x: LinkUp\n"},
                                                           {"rate", "fast\n"},
                                                           {"rate", "2.5 MB/s\n"},
                                                           {"rate", "1e300 Gb/sec\n"},
                                                           {"counters/symbol_error", "-1\n"},
                                                           {"rate", "-2 Gb/sec\n"},
                                                           {"counters/port_rcv_data", "0x\n"},
                                                           {"hw_counters/lifespan", "\xff\n"}};
    for (const auto& [file, text] : odd) {
      tree.file(below("mlx5_0", std::string("ports/1/") + file), text);
      const auto done = infiniband.collect();
      REQUIRE_MESSAGE(done.has_error(), file << " " << text);
      CHECK_MESSAGE(state_of(done.error()) == State::parse, file);
      usual(tree);
      CHECK(infiniband.collect().has_value());
    }
  }

  TEST_CASE("odd names come out as valid labels") {
    test::Tree tree;
    adapter(tree, "a\"b\\c\xff");
    port(tree, "a\"b\\c\xff", "1");
    CHECK(test::lines(test::Running(tree, "infiniband").text(), "node_infiniband_state") ==
          "node_infiniband_state_id{device=\"a\\\"b\\\\c\xef\xbf\xbd\",port=\"1\"} 4\n");
  }

  TEST_CASE("states and rates are read as the kernel writes them") {
    std::uint64_t value = 0;
    CHECK((network::parse_state("5: LinkUp", value) && value == 5));
    CHECK(!network::parse_state("5", value));
    CHECK((network::parse_rate("14.0625 Gb/sec (1X FDR)", value) && value == 1757812500));
    CHECK((network::parse_rate("400 Gb/sec (4X NDR)", value) && value == 50000000000));
    for (const char* text : {"", "Gb/sec", "1", "1 Gb", "inf Gb/sec", "nan Gb/sec", "99999999999999999999 Gb/sec"})
      CHECK_MESSAGE(!network::parse_rate(text, value), text);
  }
}

}  // namespace infiniband_test
