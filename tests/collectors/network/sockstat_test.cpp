#include "collectors/network/sockstat.hpp"

#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

namespace sockstat_test {

using namespace vitald;

namespace {

constexpr std::string_view ipv4 =
    "sockets: used 57\nTCP: inuse 4 orphan 0 tw 6 alloc 9 mem 1\nUDP: inuse 0 mem 2\nFRAG: inuse 0 memory 3\n";
constexpr std::string_view ipv6 = "TCP6: inuse 21\nFRAG6: inuse 0 memory 1\n";

struct Parsed {
  Layout layout{};
  Sheet<network::SocketCount> sheet{layout};
  Result<void> operator()(std::string_view text, network::Family family = network::Family::ipv4) {
    return network::parse_sockstat(text, family, 65536, sheet);
  }
};

}  // namespace

TEST_SUITE("network/sockstat") {
  TEST_CASE("what a scrape and the API show of both files") {
    test::Tree tree;
    tree.file("proc/net/sockstat", ipv4);
    tree.file("proc/net/sockstat6", ipv6);
    test::Running sockstat(tree, "sockstat");
    const auto page = std::to_string(::sysconf(_SC_PAGESIZE)), two = std::to_string(2 * ::sysconf(_SC_PAGESIZE));
    const auto text = sockstat.text();
    CHECK(test::lines(text, "node_") ==
          "node_sockstat_sockets_used 57\nnode_sockstat_TCP_inuse 4\nnode_sockstat_TCP_orphan 0\n"
          "node_sockstat_TCP_tw 6\nnode_sockstat_TCP_alloc 9\nnode_sockstat_TCP_mem 1\nnode_sockstat_TCP_mem_bytes " +
              page + "\nnode_sockstat_UDP_inuse 0\nnode_sockstat_UDP_mem 2\nnode_sockstat_UDP_mem_bytes " + two +
              "\nnode_sockstat_FRAG_inuse 0\nnode_sockstat_FRAG_memory 3\nnode_sockstat_TCP6_inuse 21\n"
              "node_sockstat_FRAG6_inuse 0\nnode_sockstat_FRAG6_memory 1\n");
    CHECK(test::lines(text, "# TYPE node_sockstat_TCP_tw") == "# TYPE node_sockstat_TCP_tw gauge\n");
    CHECK(sockstat.json().starts_with(R"({"sockets_used":57,"TCP_inuse":4,)"));
  }

  TEST_CASE("a missing file is skipped, and both are, without a fault") {
    test::Tree tree;
    test::Running sockstat(tree, "sockstat");
    CHECK(sockstat.text().empty());
    tree.file("proc/net/sockstat6", ipv6);
    CHECK(test::lines(sockstat.text(), "node_").starts_with("node_sockstat_TCP6_inuse 21\n"));
    tree.file("proc/net/sockstat", "sockets: used 3\n");
    tree.remove("proc/net/sockstat6");
    CHECK(test::lines(sockstat.text(), "node_") == "node_sockstat_sockets_used 3\n");
  }

  TEST_CASE("all sockets are shown from the IPv4 file only, and of equal series the first") {
    Parsed parse;
    REQUIRE(parse("sockets: used 1\nTCP: inuse 2 inuse 5\n").has_value());
    REQUIRE(parse("sockets: used 7\nTCP: inuse 9\nTCP6: inuse 3\n", network::Family::ipv6).has_value());
    REQUIRE(parse.sheet.view().size() == 3);
    CHECK(parse.sheet.view()[0].value == 1);
    CHECK(parse.sheet.view()[1].value == 2);
    CHECK(parse.sheet.view()[2].name == "TCP6_inuse");
  }

  TEST_CASE("memory below zero, as kernels before 6.0 may say for a moment, is told as it is") {
    Parsed parse;
    REQUIRE(parse("TCP: mem -2\n").has_value());
    CHECK(parse.sheet.view()[0].value == -2);
    CHECK(parse.sheet.view()[1].value == -131072);
  }

  TEST_CASE("a text cut anywhere but at a line's end is a fault") {
    for (std::size_t n = 0; n < ipv4.size(); ++n) {
      Parsed parse;
      CHECK_MESSAGE(parse(ipv4.substr(0, n)).has_value() == (n > 0 && ipv4[n - 1] == '\n'), n);
    }
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    for (const char* line : {"TCP", "TCP:", "TCP: inuse", "TCP: inuse 1 orphan", "TCP: inuse x", "TCP: 1 2 3", ": a 1",
                             "TC\xff: a 1", "TCP: a\"b 1", "TCP a 1", "TCP: mem 9223372036854775807", "",
                             "TCP: inuse 0x1", "TCP: inuse 99999999999999999999999"}) {
      Parsed parse;
      const auto done = parse("UDP: inuse 1\n" + std::string(line) + "\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 2, line);
    }
  }

  TEST_CASE("more keys than any kernel has are a fault") {
    std::string many = "TCP:";
    for (int i = 0; i < 1000; ++i) many += " k" + std::to_string(i) + " 1";
    Parsed parse;
    CHECK(parse(many + "\n").error().code == Parse::too_large);
  }

  TEST_CASE("a fault in either file fails the collector until the file is whole again") {
    test::Tree tree;
    tree.file("proc/net/sockstat", ipv4);
    tree.file("proc/net/sockstat6", "");
    test::Running sockstat(tree, "sockstat");
    CHECK(sockstat.collect().error().code == Parse::empty);
    tree.file("proc/net/sockstat6", ipv6);
    CHECK(sockstat.collect().has_value());
  }
}

}  // namespace sockstat_test
