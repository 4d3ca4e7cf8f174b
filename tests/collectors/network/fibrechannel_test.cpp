#include "collectors/network/fibrechannel.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace fibrechannel_test {

using namespace vitald;

namespace {

const std::string host0 = "sys/class/fc_host/host0/";

void usual(const test::Tree& tree) {
  constexpr std::pair<const char*, const char*> files[] = {{"dev_loss_tmo", "30"},
                                                           {"fabric_name", "0x100050eb1a000000"},
                                                           {"node_name", "0x20000000c9000000"},
                                                           {"port_id", "0x010203"},
                                                           {"port_name", "0x10000090fa000001"},
                                                           {"port_state", "Online"},
                                                           {"port_type", "NPort (fabric via point-to-point)"},
                                                           {"speed", "16 Gbit"},
                                                           {"supported_classes", "Class 3"},
                                                           {"supported_speeds", "8 Gbit, 16 Gbit"},
                                                           {"symbolic_name", "A \"name\" \\ FV12"},
                                                           {"statistics/dumped_frames", "0xffffffffffffffff"},
                                                           {"statistics/invalid_crc_count", "0x2"},
                                                           {"statistics/rx_frames", "0xfffffffffffffffe"},
                                                           {"statistics/tx_words", "0x0"}};
  for (const auto& [file, text] : files) tree.file(host0 + file, std::string(text) + "\n");
}

std::string info(std::string_view labels) { return "node_fibrechannel_info{" + std::string(labels) + "} 1\n"; }

}  // namespace

TEST_SUITE("network/fibrechannel") {
  TEST_CASE("what a scrape and the API show: hexadecimal counters, but for those of all ones") {
    test::Tree tree;
    usual(tree);
    test::Running hosts(tree, "fibrechannel");
    const auto text = hosts.text();
    CHECK(test::lines(text, "node_") ==
          info("dev_loss_tmo=\"30\",fabric_name=\"100050eb1a000000\",fc_host=\"host0\",port_id=\"010203\","
               "port_name=\"10000090fa000001\",port_state=\"Online\",port_type=\"NPort (fabric via point-to-point)\","
               "speed=\"16 Gbit\",supported_classes=\"Class 3\",supported_speeds=\"8 Gbit, 16 Gbit\","
               "symbolic_name=\"A \\\"name\\\" \\\\ FV12\"") +
              "node_fibrechannel_invalid_crc_total{fc_host=\"host0\"} 2\n"
              "node_fibrechannel_rx_frames_total{fc_host=\"host0\"} 18446744073709551614\n"
              "node_fibrechannel_tx_words_total{fc_host=\"host0\"} 0\n");
    CHECK(test::lines(text, "# TYPE node_fibrechannel_rx_frames") ==
          "# TYPE node_fibrechannel_rx_frames_total counter\n");
    CHECK(hosts.json().find(R"("invalid_crc":2,)") != std::string::npos);
    CHECK(test::allocations_of([&] { CHECK(hosts.collect().has_value()); }) == 0);
  }

  TEST_CASE("a host whose port tells no state has all counters at 0") {
    test::Tree tree;
    usual(tree);
    test::Running hosts(tree, "fibrechannel");
    for (const bool there : {true, false}) {
      if (there)
        tree.file(host0 + "port_state", "Unknown\n");
      else
        tree.remove(host0 + "port_state");
      const auto text = hosts.text();
      CHECK(test::lines(text, "node_fibrechannel_rx_frames") ==
            "node_fibrechannel_rx_frames_total{fc_host=\"host0\"} 0\n");
      CHECK(test::lines(text, "node_fibrechannel_dumped_frames") ==
            "node_fibrechannel_dumped_frames_total{fc_host=\"host0\"} 0\n");
    }
  }

  TEST_CASE("without the class there is no data; attributes that are not there are empty labels") {
    test::Tree tree;
    test::Running hosts(tree, "fibrechannel");
    CHECK(state_of(hosts.collect().error()) == State::absent);
    tree.dir("sys/class/fc_host");
    CHECK(hosts.text().empty());
    tree.file(host0 + "port_state", "Online\n");
    CHECK(test::lines(hosts.text(), "node_") ==
          info("dev_loss_tmo=\"\",fabric_name=\"\",fc_host=\"host0\",port_id=\"\",port_name=\"\",port_state=\"Online\","
               "port_type=\"\",speed=\"\",supported_classes=\"\",supported_speeds=\"\",symbolic_name=\"\""));
  }

  TEST_CASE("what the kernel does not write is a fault, and the next good text is read again") {
    test::Tree tree;
    usual(tree);
    test::Running hosts(tree, "fibrechannel");
    for (const char* text : {"0x\n", "0xg\n", "x\n", "-1\n", "0x1ffffffffffffffff\n", "1 2\n", "\xff\n"}) {
      tree.file(host0 + "statistics/rx_frames", text);
      const auto done = hosts.collect();
      REQUIRE_MESSAGE(done.has_error(), text);
      CHECK(state_of(done.error()) == State::parse);
    }
    usual(tree);
    CHECK(hosts.collect().has_value());
  }

  TEST_CASE("a copy's text may lack its end") {
    test::Tree tree;
    usual(tree);
    tree.file(host0 + "statistics/rx_frames", "0x12");
    CHECK(test::lines(test::Running(tree, "fibrechannel").text(), "node_fibrechannel_rx_frames") ==
          "node_fibrechannel_rx_frames_total{fc_host=\"host0\"} 18\n");
  }

  TEST_CASE("counters do not fall to 0 where the port's state cannot be read") {
    test::Tree tree;
    usual(tree);
    tree.link(host0 + "port_state", "port_state");
    const auto text = test::Running(tree, "fibrechannel").text();
    CHECK(test::lines(text, "node_fibrechannel_rx_frames").empty());
    CHECK(test::lines(text, "node_fibrechannel_info").find("port_state=\"\"") != std::string::npos);
  }

  TEST_CASE("counters are read in either base, and what stands before hexadecimal names is cut") {
    std::uint64_t value = 0;
    CHECK((network::parse_fc_counter("0x1F", value) && value == 31));
    CHECK((network::parse_fc_counter("17", value) && value == 17));
    CHECK(!network::parse_fc_counter("", value));
    CHECK(network::without_0x("0x010203") == "010203");
    CHECK(network::without_0x("010203") == "010203");
    CHECK(network::without_0x("0x") == "");
  }
}

}  // namespace fibrechannel_test
