#include "collectors/network/interfaces.hpp"
#include "collectors/network/link_modes.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/netlink_bytes.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <net/if.h>

namespace netclass_test {

using namespace vitald;

namespace {

const std::pair<std::string, std::string> by_netlink = {"collector.netclass.netlink", "true"};
const std::pair<std::string, std::string> valid_speeds = {"collector.netclass.ignore-invalid-speed", "true"};

std::string below(std::string_view device, std::string_view file) {
  return std::string("sys/class/net/").append(device).append("/").append(file);
}

void usual(const test::Tree& tree, std::string_view device) {
  constexpr std::pair<const char*, const char*> files[] = {{"addr_assign_type", "0"},
                                                           {"address", "02:fc:00:00:00:01"},
                                                           {"broadcast", "ff:ff:ff:ff:ff:ff"},
                                                           {"carrier", "1"},
                                                           {"carrier_changes", "5"},
                                                           {"carrier_down_count", "2"},
                                                           {"carrier_up_count", "3"},
                                                           {"dev_id", "0x1f"},
                                                           {"dormant", "0"},
                                                           {"duplex", "full"},
                                                           {"flags", "0x1003"},
                                                           {"ifalias", " to the \"world\" "},
                                                           {"ifindex", "4"},
                                                           {"iflink", "7"},
                                                           {"link_mode", "0"},
                                                           {"mtu", "1500"},
                                                           {"name_assign_type", "4"},
                                                           {"netdev_group", "9"},
                                                           {"operstate", "up"},
                                                           {"proto_down", "0"},
                                                           {"speed", "2500"},
                                                           {"tx_queue_len", "1000"},
                                                           {"type", "1"}};
  for (const auto& [file, text] : files) tree.file(below(device, file), std::string(text) + "\n");
}

std::string shown(const test::Tree& tree, const test::Flags& flags = {}) {
  return test::lines(test::Running(tree, "netclass", flags).text(), "node_");
}

netlink::Link link_up() {
  netlink::Link link;
  link.name = "eth0";
  link.address = std::string_view("\x02\xfc\0\0\xab\x01", 6);
  link.index = 4;
  link.type = 1;
  link.flags = IFF_UP | IFF_BROADCAST | IFF_RUNNING | IFF_MULTICAST | 0x10000;
  link.carrier = 1;
  link.promiscuity = link.all_multicast = 0;
  link.operational_state = 6;
  link.link_mode = 0;
  return link;
}

network::Interface as_files(const netlink::Link& link) {
  network::Interface row;
  network::fill_as_files(link, row);
  return row;
}

std::string mode_message(std::string_view attributes) { return test::bytes(genlmsghdr{2, 1, 0}).append(attributes); }

}  // namespace

TEST_SUITE("network/netclass") {
  TEST_CASE("what a scrape and the API show of /sys/class/net") {
    test::Tree tree;
    usual(tree, "eth0");
    tree.file("sys/class/net/bonding_masters", "bond0\n");
    test::Running netclass(tree, "netclass");
    const auto text = netclass.text();
    CHECK(test::lines(text, "node_") ==
          "node_network_address_assign_type{device=\"eth0\"} 0\nnode_network_carrier{device=\"eth0\"} 1\n"
          "node_network_carrier_changes_total{device=\"eth0\"} 5\n"
          "node_network_carrier_down_changes_total{device=\"eth0\"} 2\n"
          "node_network_carrier_up_changes_total{device=\"eth0\"} 3\nnode_network_device_id{device=\"eth0\"} 31\n"
          "node_network_dormant{device=\"eth0\"} 0\nnode_network_flags{device=\"eth0\"} 4099\n"
          "node_network_iface_id{device=\"eth0\"} 4\nnode_network_iface_link{device=\"eth0\"} 7\n"
          "node_network_iface_link_mode{device=\"eth0\"} 0\n"
          "node_network_info{address=\"02:fc:00:00:00:01\",adminstate=\"up\",broadcast=\"ff:ff:ff:ff:ff:ff\","
          "device=\"eth0\",duplex=\"full\",ifalias=\"to the \\\"world\\\"\",operstate=\"up\"} 1\n"
          "node_network_mtu_bytes{device=\"eth0\"} 1500\nnode_network_name_assign_type{device=\"eth0\"} 4\n"
          "node_network_net_dev_group{device=\"eth0\"} 9\nnode_network_protocol_type{device=\"eth0\"} 1\n"
          "node_network_speed_bytes{device=\"eth0\"} 312500000\n"
          "node_network_transmit_queue_length{device=\"eth0\"} 1000\nnode_network_up{device=\"eth0\"} 1\n");
    CHECK(test::lines(text, "# TYPE node_network_carrier") ==
          "# TYPE node_network_carrier gauge\n# TYPE node_network_carrier_changes_total counter\n"
          "# TYPE node_network_carrier_down_changes_total counter\n# TYPE node_network_carrier_up_changes_total "
          "counter\n");
    CHECK(netclass.json().starts_with(
        R"([{"device":"eth0","address":"02:fc:00:00:00:01","adminstate":"up","broadcast":"ff:ff:ff:ff:ff:ff",)"));
    CHECK(test::allocations_of([&] { CHECK(netclass.collect().has_value()); }) == 0);
  }

  TEST_CASE("a device of which the kernel says little has few samples, and an unknown state") {
    test::Tree tree;
    tree.dir("sys/class/net/a\"b\\c");
    tree.dir("sys/class/net/\xff");
    CHECK(shown(tree) ==
          "node_network_info{address=\"\",adminstate=\"unknown\",broadcast=\"\",device=\"a\\\"b\\\\c\",duplex=\"\","
          "ifalias=\"\",operstate=\"\"} 1\n"
          "node_network_info{address=\"\",adminstate=\"unknown\",broadcast=\"\",device=\"\xef\xbf\xbd\",duplex=\"\","
          "ifalias=\"\",operstate=\"\"} 1\n"
          "node_network_up{device=\"a\\\"b\\\\c\"} 0\nnode_network_up{device=\"\xef\xbf\xbd\"} 0\n");
    tree.file(below("\xff", "operstate"), "unknown\n");
    tree.file(below("\xff", "flags"), "0x8\n");
    CHECK(shown(tree).find("adminstate=\"down\"") != std::string::npos);
  }

  TEST_CASE("a speed of -1 is shown as it is, or left out; devices can be left out") {
    test::Tree tree;
    usual(tree, "eth0");
    tree.file(below("eth0", "speed"), "-1\n");
    tree.file(below("veth1", "speed"), "10000\n");
    const auto speeds = [&](const test::Flags& flags) { return test::lines(shown(tree, flags), "node_network_speed"); };
    CHECK(speeds({}) ==
          "node_network_speed_bytes{device=\"eth0\"} -125000\n"
          "node_network_speed_bytes{device=\"veth1\"} 1250000000\n");
    CHECK(speeds({valid_speeds}) == "node_network_speed_bytes{device=\"veth1\"} 1250000000\n");
    CHECK(speeds({{"collector.netclass.ignored-devices", "^veth"}}) ==
          "node_network_speed_bytes{device=\"eth0\"} -125000\n");
  }

  TEST_CASE("without the folder there is no data; what is gone, empty or no folder is no fault") {
    test::Tree tree;
    test::Running netclass(tree, "netclass");
    CHECK(state_of(netclass.collect().error()) == State::absent);
    tree.dir("sys/class/net");
    CHECK(netclass.text().empty());
    tree.link("sys/class/net/gone", "../../devices/gone");
    usual(tree, "eth0");
    tree.file(below("eth0", "mtu"), "");
    tree.file(below("eth0", "ifalias"), "cut");
    tree.remove(below("eth0", "type"));
    const auto text = netclass.text();
    CHECK(test::lines(text, "node_network_mtu").empty());
    CHECK(test::lines(text, "node_network_protocol").empty());
    CHECK(test::lines(text, "node_network_up") == "node_network_up{device=\"eth0\"} 1\n");
  }

  TEST_CASE("before Linux 4.6 an unknown speed is 2^32 - 1; a copy's text may lack its end") {
    test::Tree tree;
    usual(tree, "eth0");
    test::Running netclass(tree, "netclass");
    tree.file(below("eth0", "speed"), "4294967295\n");
    CHECK(test::lines(netclass.text(), "node_network_speed") ==
          "node_network_speed_bytes{device=\"eth0\"} 536870911875000\n");
    tree.file(below("eth0", "speed"), "1000");
    CHECK(test::lines(netclass.text(), "node_network_speed") ==
          "node_network_speed_bytes{device=\"eth0\"} 125000000\n");
  }

  TEST_CASE("what the kernel does not write is a fault, and the next good text is read again") {
    test::Tree tree;
    usual(tree, "eth0");
    test::Running netclass(tree, "netclass");
    constexpr std::pair<const char*, const char*> odd[] = {
        {"mtu", "15x0\n"},          {"flags", "1003\n"},    {"flags", "0x\n"},    {"dev_id", "0xg\n"},
        {"operstate", "Up\n"},      {"operstate", "u p\n"}, {"duplex", "\xff\n"}, {"speed", "1e3\n"},
        {"speed", "99999999999\n"}, {"address", "02:FC\n"}, {"broadcast", "x\n"}, {"carrier", "yes\n"},
        {"ifindex", "4 4\n"},
    };
    for (const auto& [file, text] : odd) {
      tree.file(below("eth0", file), text);
      const auto done = netclass.collect();
      REQUIRE_MESSAGE(done.has_error(), file << " " << text);
      CHECK_MESSAGE(state_of(done.error()) == State::parse, file);
      usual(tree, "eth0");
      CHECK(netclass.collect().has_value());
    }
  }

  TEST_CASE("a message says what the files say") {
    const auto up = as_files(link_up());
    CHECK(up.address == "02:fc:00:00:ab:01");
    CHECK(up.adminstate == "up");
    CHECK(up.operstate == "up");
    CHECK(up.up == 1);
    CHECK(up.carrier == 1);
    CHECK(up.dormant == 0);
    CHECK(up.flags == 0x1003);
    CHECK(up.link == 4);
    CHECK(!up.mtu.has_value());
    auto link = link_up();
    link.promiscuity = 2, link.all_multicast = 1, link.lower = 0, link.carrier_changes = 0xFFFFFFFF;
    const auto other = as_files(link);
    CHECK(other.flags == 0x1303);
    CHECK(other.link == 0);
    CHECK(other.carrier_changes == -1);  // as %d prints it
    link.flags &= ~static_cast<unsigned>(IFF_UP);
    link.operational_state = 2;
    const auto down = as_files(link);
    CHECK(!down.carrier.has_value());
    CHECK(!down.dormant.has_value());
    CHECK(down.operstate == "down");
    CHECK(down.up == 0);
  }

  TEST_CASE("by messages alone the same is told as the peer tells it") {
    auto link = link_up();
    link.flags &= ~static_cast<unsigned>(IFF_UP);
    link.link_mode = 1;
    network::Interface row;
    network::fill_as_message(link, row);
    CHECK(row.carrier == 1);
    CHECK(row.dormant == 1);
    CHECK(row.flags == static_cast<std::int64_t>(link.flags));
    CHECK(row.link == 4);
    link.lower = 0;
    network::fill_as_message(link, row);
    CHECK(row.link == 4);
    CHECK(network::duplex_of_message(0) == "Half");
    CHECK(network::duplex_of_message(1) == "Full");
    CHECK(network::duplex_of_message(255) == "Unknown");
  }

  TEST_CASE("speed and duplex come from ethtool's messages") {
    const auto header = test::attribute(ETHTOOL_A_LINKMODES_HEADER | NLA_F_NESTED,
                                        test::attribute(ETHTOOL_A_HEADER_DEV_INDEX, test::bytes(7u)) +
                                            test::attribute(ETHTOOL_A_HEADER_DEV_NAME, std::string("eth0\0", 5)));
    const auto whole = mode_message(header + test::attribute(ETHTOOL_A_LINKMODES_SPEED, test::bytes(0xFFFFFFFFu)) +
                                    test::attribute(ETHTOOL_A_LINKMODES_DUPLEX, "\1"));
    const auto mode = network::parse_link_mode(whole);
    REQUIRE(mode.has_value());
    CHECK(mode->index == 7);
    CHECK(mode->megabits == 0xFFFFFFFFu);
    CHECK(mode->duplex == 1);
    CHECK(network::parse_link_mode(mode_message({})).has_error());
    CHECK(
        network::parse_link_mode(mode_message(header + test::attribute(ETHTOOL_A_LINKMODES_SPEED, "12"))).has_error());
    for (std::size_t n = 0; n < 4 + header.size() - 8; ++n)
      CHECK_MESSAGE(network::parse_link_mode(std::string_view(whole).substr(0, n)).has_error(), n);
    const auto family = mode_message(test::attribute(CTRL_ATTR_FAMILY_ID, test::bytes(std::uint16_t{21})) +
                                     test::attribute(CTRL_ATTR_FAMILY_NAME, std::string("ethtool\0", 8)));
    CHECK(network::parse_family(family).value() == 21);
    CHECK(!network::parse_family(mode_message(test::attribute(CTRL_ATTR_FAMILY_NAME, "other"))).value().has_value());
  }

  TEST_CASE("events name the interface that they are of") {
    const auto link = test::bytes(ifinfomsg{0, 0, 1, 4, 0, 0});
    CHECK(network::changed_link(test::message(RTM_NEWLINK, link, 0)) == 4);
    CHECK(network::changed_link(test::message(RTM_DELLINK, link, 0)) == 4);
    CHECK(network::changed_link(test::message(RTM_NEWADDR, link, 0)) == 0);
    const auto whole = test::message(RTM_NEWLINK, link, 0);
    for (std::size_t n = 0; n < whole.size(); ++n) CHECK(network::changed_link(whole.substr(0, n)) == 0);
    network::LinkEvents events;
    std::vector<std::uint32_t> changed;
    const auto first = events.listen(changed);
    CHECK((first == network::LinkEvents::Heard::lost || first == network::LinkEvents::Heard::deaf));
    CHECK(changed.empty());
  }

  TEST_CASE("on this machine messages are believed, and say what the files say") {
    test::Tree tree;
    tree.link("sys", "/sys");
    test::Running netclass(tree, "netclass");
    const auto by_files = netclass.text();  // at first, only the files count
    auto by_messages = netclass.text();
    for (int i = 0; i < 5 && by_messages != by_files; ++i) by_messages = netclass.text();
    CHECK(test::lines(by_messages, "node_network_info{") == test::lines(by_files, "node_network_info{"));
    CHECK(test::lines(by_messages, "node_network_flags{") == test::lines(by_files, "node_network_flags{"));
    CHECK(test::allocations_of([&] { CHECK(netclass.collect().has_value()); }) == 0);
  }

  TEST_CASE("by netlink this machine's loopback is told, with other labels, and counters when asked for") {
    test::Tree tree;
    tree.link("sys", "/sys");
    const auto text = test::Running(tree, "netclass", {by_netlink}).text();
    CHECK(test::lines(text,
                      "node_network_info{address=\"00:00:00:00:00:00\",broadcast=\"00:00:00:00:00:00\",device=\"lo\","
                      "duplex=\"\",ifalias=\"\",operstate=\"unknown\"} 1") != "");
    CHECK(text.find("adminstate") == std::string::npos);
    CHECK(text.find("node_network_receive_bytes_total") == std::string::npos);
    const std::pair<std::string, std::string> counters = {"collector.netclass_rtnl.with-stats", "true"};
    const auto counted = test::Running(tree, "netclass", {by_netlink, counters}).text();
    CHECK(counted.find("# TYPE node_network_receive_bytes_total gauge\n") != std::string::npos);
    CHECK(counted.find("node_network_transmit_window_errors_total{device=\"lo\"} 0\n") != std::string::npos);
  }

  TEST_CASE("beside netdev, which shows them, too, there are no counters") {
    test::Tree tree;
    const test::Flags flags = {
        by_netlink, {"collector.netclass_rtnl.with-stats", "true"}, {"collector.netdev", "true"}};
    CHECK(test::Running(tree, "netclass", flags).text().find("receive_bytes") == std::string::npos);
  }
}

}  // namespace netclass_test
