#include "collectors/network/arp.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/netlink_bytes.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <linux/neighbour.h>
#include <sys/socket.h>

namespace arp_test {

using namespace vitald;

namespace {

constexpr std::string_view head = "IP address       HW type     Flags       HW address            Mask     Device\n";

std::string entry(std::string_view address, std::string_view device) {
  std::string line(address);
  line.resize(17, ' ');
  return line.append("0x1         0x2         02:fc:00:00:00:05     *        ").append(device) + "\n";
}

std::string three() {
  return std::string(head) + entry("192.0.2.1", "eth0") + entry("198.51.100.7", "br-lan") + entry("192.0.2.9", "eth0");
}

const std::pair<std::string, std::string> by_file = {"collector.arp.netlink", "false"};

Result<void> collected(std::string_view text) {
  test::Tree tree;
  tree.file("proc/net/arp", text);
  return test::Running(tree, "arp", {by_file}).collect();
}

std::string neighbour(int family, int state, int index) {
  ndmsg header{};
  header.ndm_family = static_cast<unsigned char>(family);
  header.ndm_state = static_cast<std::uint16_t>(state);
  header.ndm_ifindex = index;
  return test::bytes(header) + test::attribute(NDA_DST, "abcd");
}

}  // namespace

TEST_SUITE("network/arp") {
  TEST_CASE("what a scrape and the API show of /proc/net/arp") {
    test::Tree tree;
    tree.file("proc/net/arp", three());
    test::Running arp(tree, "arp", {by_file});
    CHECK(arp.text() ==
          "# HELP node_arp_entries Neighbours of the interface by IPv4.\n# TYPE node_arp_entries gauge\n"
          "node_arp_entries{device=\"br-lan\"} 1\nnode_arp_entries{device=\"eth0\"} 2\n");
    CHECK(arp.json() == R"([{"device":"br-lan","entries":1},{"device":"eth0","entries":2}])");
    CHECK(test::allocations_of([&] { CHECK(arp.collect().has_value()); }) == 0);
  }

  TEST_CASE("incomplete entries count, and a table without entries is no fault") {
    test::Tree tree;
    tree.file("proc/net/arp", std::string(head) +
                                  "192.0.2.77       0x1         0x0         00:00:00:00:00:00     *        eth0\n" +
                                  "192.0.2.78       0x1         0x2                               *        tun0\n");
    test::Running arp(tree, "arp", {by_file});
    CHECK(test::lines(arp.text(), "node_") ==
          "node_arp_entries{device=\"eth0\"} 1\nnode_arp_entries{device=\"tun0\"} 1\n");
    tree.file("proc/net/arp", head);
    CHECK(arp.text().empty());
  }

  TEST_CASE("devices are kept by include and left out by exclude") {
    test::Tree tree;
    tree.file("proc/net/arp", three());
    CHECK(test::lines(test::Running(tree, "arp", {by_file, {"collector.arp.device-include", "^eth"}}).text(),
                      "node_") == "node_arp_entries{device=\"eth0\"} 2\n");
    CHECK(test::lines(test::Running(tree, "arp", {by_file, {"collector.arp.device-exclude", "th"}}).text(), "node_") ==
          "node_arp_entries{device=\"br-lan\"} 1\n");
  }

  TEST_CASE("odd devices' names come out as valid labels") {
    test::Tree tree;
    tree.file("proc/net/arp", std::string(head) + entry("192.0.2.1", "a\"b\\c") + entry("192.0.2.1", "\xff"));
    CHECK(test::lines(test::Running(tree, "arp", {by_file}).text(), "node_") ==
          "node_arp_entries{device=\"a\\\"b\\\\c\"} 1\nnode_arp_entries{device=\"\xef\xbf\xbd\"} 1\n");
  }

  TEST_CASE("a file cut anywhere but at a line's end is a fault") {
    const auto whole = three();
    for (std::size_t n = 0; n < whole.size(); ++n)
      CHECK_MESSAGE(collected(whole.substr(0, n)).has_value() == (n != 0 && whole[n - 1] == '\n'), n);
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    for (const char* line : {"", "eth0", "192.0.2.1 0x1 0x2 *", "192.0.2.1 0x1 0x2 02:fc:00:00:00:05 * eth0 more",
                             "192.0.2.1 1 0x2 02:fc:00:00:00:05 * eth0", "192.0.2.1 0x1 2 02:fc:00:00:00:05 * eth0"}) {
      const auto done = collected(three() + line + "\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 5, line);
    }
    CHECK(collected("some\nother file\n").error().line == 1);
  }

  TEST_CASE("a missing file is absent, an empty one is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running arp(tree, "arp", {by_file});
    CHECK(state_of(arp.collect().error()) == State::absent);
    tree.file("proc/net/arp", "");
    CHECK(arp.collect().error().code == Parse::empty);
    tree.file("proc/net/arp", three());
    CHECK(arp.collect().has_value());
  }

  TEST_CASE("more devices than any machine has are a fault") {
    std::string text(head);
    for (int i = 0; i < 65536; ++i) text += entry("192.0.2.1", "e" + std::to_string(i));
    CHECK(collected(text).has_value());
    CHECK(collected(text + entry("192.0.2.1", "one_more")).error().code == Parse::too_large);
  }

  TEST_CASE("of the kernel's messages those of IPv4 count, but for neighbours that need no address") {
    for (const int state : {0, NUD_INCOMPLETE, NUD_REACHABLE, NUD_STALE, NUD_FAILED, NUD_PERMANENT})
      CHECK(network::parse_neighbour(neighbour(AF_INET, state, 4)).value() == 4u);
    CHECK(!network::parse_neighbour(neighbour(AF_INET, NUD_NOARP, 4)).value().has_value());
    CHECK(!network::parse_neighbour(neighbour(AF_INET6, NUD_REACHABLE, 4)).value().has_value());
    const auto whole = test::bytes(ndmsg{});
    for (std::size_t n = 0; n < whole.size(); ++n)
      CHECK(network::parse_neighbour(std::string_view(whole).substr(0, n)).error().code == Parse::truncated);
  }

  TEST_CASE("by netlink this machine's neighbours are those of its /proc/net/arp") {
    test::Tree tree;
    tree.link("proc", "/proc");
    test::Running told(tree, "arp"), read(tree, "arp", {by_file});
    auto text = told.text();
    for (int i = 0; i < 20 && text != read.text(); ++i) text = told.text();  // they come and go
    CHECK(test::allocations_of([&] { CHECK(told.collect().has_value()); }) == 0);
    CHECK(test::lines(text, "node_").size() == test::lines(read.text(), "node_").size());
  }
}

}  // namespace arp_test
