#include "collectors/network/netdev.hpp"

#include "collectors/network/addresses.hpp"
#include "collectors/network/netdev_fill.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace netdev_test {

using namespace vitald;

namespace {

constexpr std::string_view head =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier "
    "compressed\n";
constexpr std::string_view lo =
    "    lo:       1    2    3    4    5     6          7         8       9      10   11   12   13    14      15       "
    "  16\n";

const std::pair<std::string, std::string> by_file = {"collector.netdev.netlink", "false"};
const std::pair<std::string, std::string> by_netlink = {"collector.netdev.netlink", "true"};
const std::pair<std::string, std::string> detailed = {"collector.netdev.enable-detailed-metrics", "true"};
const std::pair<std::string, std::string> aliased = {"collector.netdev.label-ifalias", "true"};

std::string with(std::string_view more) { return std::string(head).append(lo).append(more); }

std::string receiving(std::string_view device) { return std::string(device) + ": 5 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"; }

Result<void> collected(std::string_view text) {
  test::Tree tree;
  tree.file("proc/net/dev", text);
  return test::Running(tree, "netdev", {by_file}).collect();
}

std::string bytes_of(const test::Tree& tree, test::Flags flags) {
  flags.push_back(by_file);
  return test::lines(test::Running(tree, "netdev", flags).text(), "node_network_receive_bytes_total");
}

// The families' names of one device's samples.
std::string families(const std::string& text, const std::string& labels) {
  std::string names;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (const auto at = line.find(labels); line.front() != '#' && at != line.npos) names += line.substr(0, at) + "\n";
  return names;
}

}  // namespace

TEST_SUITE("network/netdev") {
  TEST_CASE("what a scrape and the API show of /proc/net/dev") {
    test::Tree tree;
    tree.file("proc/net/dev", with(""));
    test::Running netdev(tree, "netdev", {by_file});
    const auto text = netdev.text();
    CHECK(
        test::lines(text, "node_") ==
        "node_network_receive_bytes_total{device=\"lo\"} 1\nnode_network_receive_compressed_total{device=\"lo\"} 7\n"
        "node_network_receive_drop_total{device=\"lo\"} 4\nnode_network_receive_errs_total{device=\"lo\"} 3\n"
        "node_network_receive_fifo_total{device=\"lo\"} 5\nnode_network_receive_frame_total{device=\"lo\"} 6\n"
        "node_network_receive_multicast_total{device=\"lo\"} 8\nnode_network_receive_packets_total{device=\"lo\"} 2\n"
        "node_network_transmit_bytes_total{device=\"lo\"} 9\nnode_network_transmit_carrier_total{device=\"lo\"} 15\n"
        "node_network_transmit_colls_total{device=\"lo\"} 14\n"
        "node_network_transmit_compressed_total{device=\"lo\"} 16\n"
        "node_network_transmit_drop_total{device=\"lo\"} 12\nnode_network_transmit_errs_total{device=\"lo\"} 11\n"
        "node_network_transmit_fifo_total{device=\"lo\"} 13\nnode_network_transmit_packets_total{device=\"lo\"} 10\n");
    CHECK(test::lines(text, "# TYPE node_network_receive_bytes") ==
          "# TYPE node_network_receive_bytes_total counter\n");
    CHECK(netdev.json().starts_with(
        R"([{"device":"lo","receive_bytes":1,"receive_compressed":7,"receive_drop":4,"receive_errs":3,)"));
  }

  TEST_CASE("detailed names of /proc/net/dev differ for errors and drops only") {
    test::Tree tree;
    tree.file("proc/net/dev", with(""));
    const auto text = test::Running(tree, "netdev", {by_file, detailed}).text();
    CHECK(test::lines(text, "node_network_receive_dropped_total") ==
          "node_network_receive_dropped_total{device=\"lo\"} 4\n");
    CHECK(test::lines(text, "node_network_transmit_errors_total") ==
          "node_network_transmit_errors_total{device=\"lo\"} 11\n");
    CHECK(test::lines(text, "node_network_transmit_colls_total") ==
          "node_network_transmit_colls_total{device=\"lo\"} 14\n");
    CHECK(families(text, "{").find("_errs_") == std::string::npos);
  }

  TEST_CASE("devices are kept by include and left out by exclude, and a repeated one is shown once") {
    test::Tree tree;
    tree.file("proc/net/dev", with(receiving("eth0") + receiving("veth1") + "eth0:9 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"));
    CHECK(bytes_of(tree, {}) ==
          "node_network_receive_bytes_total{device=\"lo\"} 1\nnode_network_receive_bytes_total{device=\"eth0\"} 5\n"
          "node_network_receive_bytes_total{device=\"veth1\"} 5\n");
    CHECK(bytes_of(tree, {{"collector.netdev.device-include", "^eth"}}) ==
          "node_network_receive_bytes_total{device=\"eth0\"} 5\n");
    CHECK(bytes_of(tree, {{"collector.netdev.device-exclude", "eth"}}) ==
          "node_network_receive_bytes_total{device=\"lo\"} 1\n");
  }

  TEST_CASE("the old names of the flags stand for the new ones, and include and exclude refuse each other") {
    for (const auto& option : test::entry("netdev").options) {
      if (option.flag == "collector.netdev.device-blacklist")
        CHECK(option.was_for == "collector.netdev.device-exclude");
      if (option.flag == "collector.netdev.device-whitelist")
        CHECK(option.was_for == "collector.netdev.device-include");
      if (option.flag == "collector.netdev.device-include") CHECK(option.excludes == "collector.netdev.device-exclude");
      if (option.flag == "collector.netdev.device-exclude") CHECK(option.excludes == "collector.netdev.device-include");
    }
    CHECK(test::entry("netdev").options.size() == 8);
  }

  TEST_CASE("odd devices' names come out as valid labels") {
    test::Tree tree;
    tree.file("proc/net/dev",
              with(receiving("a\"b\\c") + receiving("\xff") + receiving("\xc3\xa9") + receiving("eth0:1")));
    CHECK(bytes_of(tree, {{"collector.netdev.device-exclude", "^lo$"}}) ==
          "node_network_receive_bytes_total{device=\"a\\\"b\\\\c\"} 5\n"
          "node_network_receive_bytes_total{device=\"\xef\xbf\xbd\"} 5\n"
          "node_network_receive_bytes_total{device=\"\xc3\xa9\"} 5\n"
          "node_network_receive_bytes_total{device=\"eth0:1\"} 5\n");
  }

  TEST_CASE("the alias is a label, empty where the device has none") {
    test::Tree tree;
    tree.file("proc/net/dev", with(receiving("eth0")));
    tree.file("sys/class/net/eth0/ifalias", "to the \"world\"\n");
    tree.dir("sys/class/net/lo/ifalias");
    CHECK(bytes_of(tree, {aliased}) ==
          "node_network_receive_bytes_total{device=\"lo\",ifalias=\"\"} 1\n"
          "node_network_receive_bytes_total{device=\"eth0\",ifalias=\"to the \\\"world\\\"\"} 5\n");
    CHECK(test::Running(tree, "netdev", {by_file, aliased})
              .json()
              .starts_with(R"([{"device":"lo","ifalias":"","receive_bytes":1,)"));
  }

  TEST_CASE("a file cut anywhere but at a line's end is a fault, and there, too, within its heading") {
    const auto whole = with("");
    for (std::size_t n = 0; n < whole.size(); ++n)
      CHECK_MESSAGE(collected(whole.substr(0, n)).has_value() == (n == head.size()), n);
    CHECK(collected(whole).has_value());
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    for (const char* line :
         {"", "eth0", "eth0:", "eth0: 1 2 3", "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
          "eth0: -1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
          "eth0: x 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
          "eth0: 99999999999999999999 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", ": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
          "../x: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "..: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
          "a b: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"}) {
      const auto done = collected(with(std::string(line) + "\n"));
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 4, line);
    }
    CHECK(collected("some\nother file\n").error().line == 1);
    CHECK(collected("Inter-|\n face |bytes\n").error().line == 2);
  }

  TEST_CASE("more devices than any machine has are a fault, and no memory") {
    std::string text = with("");
    for (int i = 1; i < 65536; ++i) text += receiving("e" + std::to_string(i));
    CHECK(collected(text).has_value());
    const auto done = collected(text + receiving("one_more"));
    REQUIRE(done.has_error());
    CHECK(done.error().code == Parse::too_large);
    CHECK(done.error().line == 65539);
  }

  TEST_CASE("a missing file is absent, an empty one is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running netdev(tree, "netdev", {by_file});
    CHECK(state_of(netdev.collect().error()) == State::absent);
    tree.file("proc/net/dev", "");
    CHECK(netdev.collect().error().code == Parse::empty);
    tree.file("proc/net/dev", with(""));
    CHECK(netdev.collect().has_value());
  }

  TEST_CASE("a link's errors are summed as the kernel sums them for /proc/net/dev") {
    netlink::Link link;
    auto& counters = link.counters;
    counters.rx_dropped = 1, counters.rx_missed_errors = 2;
    counters.rx_length_errors = 10, counters.rx_over_errors = 20, counters.rx_crc_errors = 40;
    counters.rx_frame_errors = 80, counters.rx_fifo_errors = 3, counters.rx_nohandler = 4;
    counters.tx_carrier_errors = 100, counters.tx_aborted_errors = 200, counters.tx_window_errors = 400;
    counters.tx_heartbeat_errors = 800, counters.tx_fifo_errors = 5, counters.tx_dropped = 6;
    network::Traffic row;
    network::fill(link, row);
    CHECK(row.receive_drop == 3);
    CHECK(row.receive_frame == 150);
    CHECK(row.receive_fifo == 3);
    CHECK(row.receive_nohandler == 4);
    CHECK(row.transmit_carrier == 1500);
    CHECK(row.transmit_fifo == 5);
    CHECK(row.transmit_drop == 6);
    network::RawTraffic raw;
    network::fill(link, raw);
    CHECK(raw.receive_dropped == 1);
    CHECK(raw.receive_over == 20);
    CHECK(raw.transmit_heartbeat == 800);
  }

  TEST_CASE("by netlink this machine's loopback has the families of its /proc/net/dev, and one more") {
    test::Tree tree;
    tree.link("proc", "/proc");
    const auto told = families(test::Running(tree, "netdev", {by_netlink}).text(), "{device=\"lo\"}");
    const auto read = families(test::Running(tree, "netdev", {by_file}).text(), "{device=\"lo\"}");
    std::string without = told;
    const std::string nohandler = "node_network_receive_nohandler_total\n";
    if (const auto at = without.find(nohandler); at != without.npos) without.erase(at, nohandler.size());
    CHECK(without == read);
    CHECK(read.find("node_network_transmit_bytes_total\n") != std::string::npos);
  }

  TEST_CASE("by netlink this machine's loopback counts as in /proc/net/dev, between two readings of that") {
    test::Tree tree;
    tree.link("proc", "/proc");
    test::Running file(tree, "netdev", {by_file}), link(tree, "netdev", {by_netlink});
    const auto value = [](test::Running& from) {
      const std::string start = "node_network_receive_packets_total{device=\"lo\"} ";
      return std::stoull(test::lines(from.text(), start).substr(start.size()));
    };
    const auto before = value(file), told = value(link), after = value(file);
    CHECK(before <= told);
    CHECK(told <= after);
  }

  TEST_CASE("by netlink the detailed families are the kernel's counters, and the alias is a label") {
    test::Tree tree;
    const auto text = test::Running(tree, "netdev", {by_netlink, detailed, aliased}).text();
    const auto names = families(text, "{device=\"lo\",ifalias=\"");
    CHECK(std::count(names.begin(), names.end(), '\n') >= 23);
    CHECK(names.starts_with("node_network_collisions_total\nnode_network_multicast_total\n"));
    CHECK(names.find("node_network_transmit_window_errors_total\n") != std::string::npos);
  }

  TEST_CASE("addresses are told when asked for, of devices that are left out, too") {
    test::Tree tree;
    const test::Flags flags = {
        by_netlink, {"collector.netdev.address-info", "true"}, {"collector.netdev.device-exclude", "."}};
    const auto text = test::Running(tree, "netdev", flags).text();
    CHECK(test::lines(text, "node_network_receive").empty());
    const auto loopback = test::lines(text, "node_network_address_info{address=\"127.0.0.1\"");
    if (!loopback.empty())
      CHECK(loopback ==
            "node_network_address_info{address=\"127.0.0.1\",device=\"lo\",netmask=\"8\",scope=\"link-local\"} 1\n");
  }

  TEST_CASE("an address's scope is told as the peer tells it") {
    const auto four = [](const char* text) {
      in_addr address{};
      REQUIRE(::inet_pton(AF_INET, text, &address) == 1);
      return network::scope_of(address);
    };
    const auto six = [](const char* text) {
      in6_addr address{};
      REQUIRE(::inet_pton(AF_INET6, text, &address) == 1);
      return network::scope_of(address);
    };
    for (const char* text : {"127.0.0.1", "127.9.9.9", "169.254.1.1", "224.0.0.1"}) CHECK(four(text) == "link-local");
    for (const char* text : {"192.0.2.2", "10.0.0.1", "8.8.8.8"}) CHECK(four(text) == "global");
    for (const char* text : {"0.0.0.0", "255.255.255.255", "239.1.1.1"}) CHECK(four(text) == "");
    for (const char* text : {"::1", "fe80::1", "ff02::1"}) CHECK(six(text) == "link-local");
    for (const char* text : {"fd00::1", "2001:db8::1"}) CHECK(six(text) == "global");
    CHECK(six("ff01::1") == "interface-local");
    for (const char* text : {"::", "ff05::1"}) CHECK(six(text) == "");
  }
}

TEST_SUITE("base/seen_names") {
  TEST_CASE("names that went away are forgotten once they outnumber those that are there") {
    Options options;
    options.declare({"out", Option::Kind::regexp, "^veth", "names to leave out"});
    SeenNames names(Filter(options, "in", "out"));
    for (int i = 0; i < 2000; ++i) {
      names.begin();
      CHECK(names.keeps("eth0"));
      CHECK(!names.keeps("eth0"));
      CHECK(!names.keeps("veth" + std::to_string(i)));
    }
    CHECK(names.size() < 100);
  }
}

}  // namespace netdev_test
