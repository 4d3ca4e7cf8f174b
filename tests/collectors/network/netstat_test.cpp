#include "collectors/network/netstat.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace netstat_test {

using namespace vitald;

namespace {

constexpr std::string_view netstat =
    "TcpExt: SyncookiesSent ListenOverflows TCPPureAcks TCPTimeouts\nTcpExt: 1 2 3 4\n"
    "IpExt: InNoRoutes InOctets OutOctets\nIpExt: 0 18446744073709551615 6000000007\n";
constexpr std::string_view snmp =
    "Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: MaxConn ActiveOpens InErrs\nTcp: -1 96454 0\n"
    "UdpLite: InDatagrams InErrors\nUdpLite: 5 0\n";
constexpr std::string_view snmp6 =
    "Ip6InReceives                   \t456\nIp6InOctets                     \t12345\n"
    "Icmp6OutType133                 \t7\nUdpLite6InErrors                \t0\n";

struct Parsed {
  network::FieldNames names{".*"};
  Layout layout{};
  Sheet<network::Statistic> sheet{layout};
  Result<void> operator()(std::string_view text) {
    names.begin();
    sheet.rewind();
    return network::parse_netstat(text, "net/snmp", names, sheet);
  }
  Result<void> snmp6(std::string_view text) {
    names.begin();
    sheet.rewind();
    return network::parse_snmp6(text, names, sheet);
  }
};

void usual(const test::Tree& tree) {
  tree.file("proc/net/netstat", netstat);
  tree.file("proc/net/snmp", snmp);
  tree.file("proc/net/snmp6", snmp6);
}

}  // namespace

TEST_SUITE("network/netstat") {
  TEST_CASE("what a scrape and the API show, untyped and of the default fields only") {
    test::Tree tree;
    usual(tree);
    test::Running collector(tree, "netstat");
    const auto text = collector.text();
    CHECK(test::lines(text, "node_") ==
          "node_netstat_TcpExt_SyncookiesSent 1\nnode_netstat_TcpExt_ListenOverflows 2\n"
          "node_netstat_TcpExt_TCPTimeouts 4\nnode_netstat_IpExt_InOctets 18446744073709551615\n"
          "node_netstat_IpExt_OutOctets 6000000007\nnode_netstat_Ip_Forwarding 1\nnode_netstat_Tcp_ActiveOpens 96454\n"
          "node_netstat_Tcp_InErrs 0\nnode_netstat_UdpLite_InErrors 0\nnode_netstat_Ip6_InOctets 12345\n"
          "node_netstat_UdpLite6_InErrors 0\n");
    CHECK(test::lines(text, "# TYPE node_netstat_Ip6_InOctets") == "# TYPE node_netstat_Ip6_InOctets untyped\n");
    CHECK(collector.json().starts_with(R"({"TcpExt_SyncookiesSent":1,"TcpExt_ListenOverflows":2,)"));
    CHECK(test::allocations_of([&] { CHECK(collector.collect().has_value()); }) == 0);
  }

  TEST_CASE("the fields' expression is unanchored, an empty one shows all, and a limit of none is -1") {
    test::Tree tree;
    usual(tree);
    const auto shown = [&](const char* fields) {
      return test::lines(test::Running(tree, "netstat", {{"collector.netstat.fields", fields}}).text(), "node_");
    };
    CHECK(shown("MaxC") == "node_netstat_Tcp_MaxConn -1\n");
    CHECK(shown("Out") == "node_netstat_IpExt_OutOctets 6000000007\nnode_netstat_Icmp6_OutType133 7\n");
    CHECK(std::ranges::count(shown(""), '\n') == 18);
  }

  TEST_CASE("a kernel without IPv6 has no snmp6; the other two must be there") {
    test::Tree tree;
    usual(tree);
    tree.remove("proc/net/snmp6");
    test::Running collector(tree, "netstat");
    CHECK(collector.text().find("Ip6") == std::string::npos);
    for (const char* path : {"proc/net/netstat", "proc/net/snmp"}) {
      usual(tree);
      tree.remove(path);
      CHECK(state_of(collector.collect().error()) == State::absent);
    }
    usual(tree);
    CHECK(collector.text().find("Ip6_InOctets 12345") != std::string::npos);
  }

  TEST_CASE("the expression is asked once a name, and again only from where the names change") {
    Parsed parse;
    REQUIRE(parse("A: x y\nA: 1 2\nB: z\nB: 3\n").has_value());
    CHECK(parse.names.times_matched() == 3);
    REQUIRE(parse("A: x y\nA: 4 5\nB: z\nB: 6\n").has_value());
    CHECK(parse.names.times_matched() == 3);
    CHECK(parse.sheet.view()[2].value.natural == 6);
    REQUIRE(parse("A: x y\nA: 4 5\nB: z q\nB: 6 7\n").has_value());
    CHECK(parse.names.times_matched() == 5);
    CHECK(parse.sheet.view()[3].name == "B_q");
    REQUIRE(parse.snmp6("A6x 1\n").has_value());
    REQUIRE(parse.sheet.view().size() == 1);
    CHECK(parse.sheet.view()[0].name == "A6_x");
  }

  TEST_CASE("of a repeated name the first is shown, also when that is remembered") {
    Parsed parse;
    for (int round = 0; round < 2; ++round) {
      REQUIRE(parse("A: x x\nA: 1 2\nA: x y\nA: 3 4\n").has_value());
      REQUIRE(parse.sheet.view().size() == 2);
      CHECK(parse.sheet.view()[0].value.natural == 1);
      CHECK(parse.sheet.view()[1].name == "A_y");
    }
  }

  TEST_CASE("a text cut anywhere but behind a pair of lines is a fault") {
    const auto pair = snmp.find("\nTcp:") + 1, second = snmp.find("\nUdpLite:") + 1;
    for (std::size_t n = 0; n < snmp.size(); ++n) {
      Parsed parse;
      CHECK_MESSAGE(parse(snmp.substr(0, n)).has_value() == (n == pair || n == second), n);
    }
    for (std::size_t n = 0; n < snmp6.size(); ++n) {
      Parsed parse;
      CHECK_MESSAGE(parse.snmp6(snmp6.substr(0, n)).has_value() == (n > 0 && snmp6[n - 1] == '\n'), n);
    }
  }

  TEST_CASE("what the kernel does not write is a fault that names its line, also where the field is not shown") {
    for (const char* lines :
         {"B: x\nB: y\n", "B: x\nB:\n", "B: x\nB: 1 2\n", "B: x\nC: 1\n", "B: x\nB 1\n", "B x\nB: 1\n", "B:\nB:\n",
          "B: x\"\nB: 1\n", "B\xff: x\nB\xff: 1\n", "\n\n", "B: x\nB: 1.5\n", "B: x\nB: 18446744073709551616\n"}) {
      Parsed parse{network::FieldNames("^nothing$")};
      const auto done = parse("A: a\nA: 1\n" + std::string(lines));
      REQUIRE_MESSAGE(done.has_error(), lines);
      CHECK_MESSAGE(done.error().line >= 3, lines);
    }
    for (const char* line : {"", "A6x", "A6x y", "A6x 1 2", "A6\"x 1", "nosix x", "nosix"}) {
      Parsed parse{network::FieldNames("^nothing$")};
      const auto done = parse.snmp6("Ip6x 1\n" + std::string(line) + "\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 2, line);
    }
    Parsed parse;
    CHECK(parse.snmp6("nosix 1\nends6 2\n").has_value());
    CHECK(parse.sheet.view().empty());
  }

  TEST_CASE("more names than any kernel has are a fault") {
    std::string names = "A:", numbers = "A:", keys;
    for (int i = 0; i < 5000; ++i) {
      names += " n" + std::to_string(i);
      numbers += " 1";
      keys += "A6n" + std::to_string(i) + " 1\n";
    }
    Parsed parse;
    CHECK(parse(names + "\n" + numbers + "\n").error().code == Parse::too_large);
    CHECK(parse.snmp6(keys).error().code == Parse::too_large);
  }

  TEST_CASE("a fault in any file fails the collector until the file is whole again") {
    test::Tree tree;
    for (const char* path : {"proc/net/netstat", "proc/net/snmp", "proc/net/snmp6"}) {
      usual(tree);
      test::Running collector(tree, "netstat");
      CHECK(collector.collect().has_value());
      tree.file(path, "");
      CHECK(collector.collect().error().code == Parse::empty);
      usual(tree);
      CHECK(collector.collect().has_value());
    }
  }
}

}  // namespace netstat_test
