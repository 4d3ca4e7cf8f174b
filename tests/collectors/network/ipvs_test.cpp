#include "collectors/network/ipvs.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace ipvs_test {

using namespace vitald;

namespace {

constexpr std::string_view headings =
    "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n"
    "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n";
constexpr std::string_view services =
    "TCP  C0A80016:0CEA wlc persistent 360 FFFFFFFF\n"
    "  -> C0A85216:0CEA      Tunnel  100    248        2\n"
    "  -> C0A85318:0CEA      Tunnel  100    3          1\n"
    "UDP  C0A80016:0035 rr ops\n"
    "  -> C0A85216:0035      Masq    1      0          0\n"
    "TCP  [20010db8000000000000000000000001]:0050 sh\n";
constexpr std::string_view more =
    "TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 sh\n"
    "  -> [2001:0db8:0000:0002:0000:0000:0000:000a]:1F90      Route   20     7          9\n"
    "FWM  0000001F wlc\n"
    "  -> C0A8321A:0000      Route   10     1          4\n";
constexpr std::string_view totals =
    "   Total Incoming Outgoing         Incoming         Outgoing\n"
    "   Conns  Packets  Packets            Bytes            Bytes\n"
    " 16AA370 E33656E5        0     51D8C8883AB3        7\n\n"
    " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n"
    "       4     1FB3        0          1282A8F        0\n";

std::string usual() {
  const auto good = services.substr(0, services.rfind("TCP"));
  return std::string(headings).append(good).append(more);
}

std::string shown(std::string_view labels) {
  test::Tree tree;
  tree.file("proc/net/ip_vs_stats", totals);
  tree.file("proc/net/ip_vs", usual());
  test::Running ipvs(tree, "ipvs", {{"collector.ipvs.backend-labels", std::string(labels)}});
  return test::lines(ipvs.text(), "node_ipvs_backend_connections_active");
}

std::string written(std::array<std::uint8_t, 16> bytes) {
  Text text;
  network::write({16, bytes}, text);
  return std::string(text.view());
}

}  // namespace

TEST_SUITE("network/ipvs") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file("proc/net/ip_vs_stats", totals);
    tree.file("proc/net/ip_vs", usual());
    test::Running ipvs(tree, "ipvs");
    const auto text = ipvs.text();
    CHECK(test::lines(text, "node_ipvs_connections") == "node_ipvs_connections_total 23765872\n");
    CHECK(test::lines(text, "node_ipvs_incoming") ==
          "node_ipvs_incoming_bytes_total 89991519156915\nnode_ipvs_incoming_packets_total 3811989221\n");
    CHECK(test::lines(text, "node_ipvs_outgoing") ==
          "node_ipvs_outgoing_bytes_total 7\nnode_ipvs_outgoing_packets_total 0\n");
    constexpr std::string_view family = "node_ipvs_backend_weight{local_address=";
    CHECK(
        test::lines(text, family) ==
        std::string(family) +
            R"("",local_mark="0000001F",local_port="0",proto="FWM",remote_address="192.168.50.26",remote_port="0"} 10)"
            "\n" +
            std::string(family) +
            R"("192.168.0.22",local_mark="",local_port="3306",proto="TCP",remote_address="192.168.82.22",)"
            R"(remote_port="3306"} 100)"
            "\n" +
            std::string(family) +
            R"("192.168.0.22",local_mark="",local_port="3306",proto="TCP",remote_address="192.168.83.24",)"
            R"(remote_port="3306"} 100)"
            "\n" +
            std::string(family) +
            R"("2001:db8::1",local_mark="",local_port="80",proto="TCP",remote_address="2001:db8:0:2::a",)"
            R"(remote_port="8080"} 20)"
            "\n" +
            std::string(family) +
            R"("192.168.0.22",local_mark="",local_port="53",proto="UDP",remote_address="192.168.82.22",)"
            R"(remote_port="53"} 1)"
            "\n");
    CHECK(test::lines(text, "# TYPE node_ipvs_backend_weight") == "# TYPE node_ipvs_backend_weight gauge\n");
    CHECK(ipvs.json().find(R"({"local_address":"","local_mark":"0000001F","local_port":"0","proto":"FWM",)"
                           R"("remote_address":"192.168.50.26","remote_port":"0","connections_active":1,)"
                           R"("connections_inactive":4,"weight":10})") != std::string::npos);
    CHECK(test::allocations_of([&] { CHECK(ipvs.collect().has_value()); }) == 0);
  }

  TEST_CASE("with fewer labels those that are alike are summed") {
    constexpr std::string_view name = "node_ipvs_backend_connections_active";
    CHECK(shown("proto") == std::string(name) + "{proto=\"FWM\"} 1\n" + std::string(name) + "{proto=\"TCP\"} 258\n" +
                                std::string(name) + "{proto=\"UDP\"} 0\n");
    CHECK(shown("remote_port,local_mark,proto,proto") ==
          std::string(name) + "{local_mark=\"0000001F\",proto=\"FWM\",remote_port=\"0\"} 1\n" + std::string(name) +
              "{local_mark=\"\",proto=\"TCP\",remote_port=\"3306\"} 251\n" + std::string(name) +
              "{local_mark=\"\",proto=\"TCP\",remote_port=\"8080\"} 7\n" + std::string(name) +
              "{local_mark=\"\",proto=\"UDP\",remote_port=\"53\"} 0\n");
    CHECK(shown("") == std::string(name) + " 259\n");
  }

  TEST_CASE("an unknown label is told when the program starts") {
    const auto check = test::entry("ipvs").options.front().check;
    REQUIRE((check != nullptr));
    CHECK(check(test::entry("ipvs").options.front().initial).empty());
    for (const char* labels : {"", "proto,", ",", "proto,,local_port"}) CHECK(check(labels).empty());
    for (const char* labels : {"port", " proto", "proto local_port", "Proto"}) CHECK_FALSE(check(labels).empty());
  }

  TEST_CASE("addresses are written as Go writes them") {
    CHECK(written({}) == "::");
    CHECK(written({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) == "::1");
    CHECK(written({0xFE, 0x80}) == "fe80::");
    CHECK(written({0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0}) == "1:0:2::3:0:0");
    CHECK(written({0, 1, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0x10, 7}) == "1:0:2:3:4:5:6:1007");
    CHECK(written({0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3}) == "1:0:0:2::3");
    CHECK(written({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 0, 0, 200}) == "10.0.0.200");
    CHECK(written({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}) == "::102:304");
  }

  TEST_CASE("no services are no backends; without the module there is no data") {
    test::Tree tree;
    test::Running ipvs(tree, "ipvs");
    CHECK(state_of(ipvs.collect().error()) == State::absent);
    tree.file("proc/net/ip_vs_stats", totals);
    tree.file("proc/net/ip_vs", headings);
    CHECK(test::lines(ipvs.text(), "node_ipvs_backend").empty());
    CHECK(test::lines(ipvs.text(), "node_ipvs_connections_total") == "node_ipvs_connections_total 23765872\n");
  }

  TEST_CASE("a text cut anywhere but at a line's end is a fault") {
    const auto text = usual();
    for (std::size_t n = 0; n < text.size(); ++n) {
      std::vector<network::Load> out;
      CHECK_MESSAGE(
          network::parse_ip_vs(text.substr(0, n), out).has_value() == (n >= headings.size() && text[n - 1] == '\n'), n);
    }
    const auto third = totals.find("\n\n");
    for (std::size_t n = 0; n < totals.size(); ++n) {
      Layout layout{};
      Sheet<network::IpvsTotals> out{layout};
      CHECK_MESSAGE(
          network::parse_ip_vs_stats(totals.substr(0, n), out).has_value() == (n > third && totals[n - 1] == '\n'), n);
    }
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    for (const char* line : {"", "TCP", "TCP  C0A80016 wlc", "TCP  C0A8001:0CEA wlc", "TCP  C0A80016:CEA wlc",
                             "TCP  [2001:0db8]:0050 sh", "T\"P  C0A80016:0CEA wlc", "LONGPROTO C0A80016:0CEA wlc",
                             "FWM  1F wlc", "-> C0A85216:0CEA Tunnel 100 248", "-> C0A85216:0CEA Tunnel 100 248 2 3",
                             "-> C0A85216:0CEA Tunnel x 248 2", "-> C0A85216:0CEA Tunnel -1 248 2", "->"}) {
      std::vector<network::Load> out;
      const auto done =
          network::parse_ip_vs(std::string(headings) + "TCP  C0A80016:0CEA wlc\n" + std::string(line) + "\n", out);
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 5, line);
    }
    std::vector<network::Load> out;
    CHECK(network::parse_ip_vs(std::string(headings) + "  -> C0A85216:0CEA Masq 1 0 0\n", out).error().line == 4);
    CHECK(network::parse_ip_vs(std::string(headings) + std::string(services), out).error().line == 9);
    for (const char* third : {"1 2 3 4", "1 2 3 4 5 6", "1 2 3 4 g", "1 2 3 4 -5", ""}) {
      Layout layout{};
      Sheet<network::IpvsTotals> sheet{layout};
      const auto text = std::string(totals.substr(0, totals.find(" 16AA"))) + third + "\n";
      REQUIRE_MESSAGE(network::parse_ip_vs_stats(text, sheet).has_error(), third);
    }
  }

  TEST_CASE("a fault in either file fails the collector until the file is whole again") {
    test::Tree tree;
    for (const char* path : {"proc/net/ip_vs", "proc/net/ip_vs_stats"}) {
      tree.file("proc/net/ip_vs_stats", totals);
      tree.file("proc/net/ip_vs", usual());
      test::Running ipvs(tree, "ipvs");
      CHECK(ipvs.collect().has_value());
      tree.file(path, "");
      CHECK(state_of(ipvs.collect().error()) == State::parse);
      tree.file("proc/net/ip_vs_stats", totals);
      tree.file("proc/net/ip_vs", usual());
      CHECK(ipvs.collect().has_value());
    }
  }
}

}  // namespace ipvs_test
