#include "collectors/network/udp_queues.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace udp_queues_test {

using namespace vitald;

namespace {

constexpr std::string_view usual =
    "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer "
    "drops            \n"
    " 3018: 3500007F:0035 00000000:0000 07 00000100:00000A80 00:00000000 00000000   101        0 17731 2 "
    "0000000000000000 0          \n"
    "10514: 00000000:0044 0100A8C0:0043 01 00000001:FFFFFFFF 00:00000000 00000000     0        0 18021 2 "
    "0000000000000000 27         \n";
constexpr std::string_view usual6 =
    "  sl  local_address                         remote_address                        st tx_queue rx_queue tr "
    "tm->when retrnsmt   uid  timeout inode ref pointer drops\n"
    " 5561: 000080FE00000000FF565A02BB3F0AFE:0222 00000000000000000000000000000000:0000 07 00000000:00000010 "
    "00:00000000 00000000     0        0 18011 2 0000000000000000 0\n";
constexpr std::string_view none6 = usual6.substr(0, usual6.find('\n') + 1);

struct Parsed {
  Layout layout{};
  Sheet<network::UdpQueues> sheet{layout};
  Result<void> operator()(std::string_view text) {
    sheet.rewind();
    return network::parse_udp(text, "v4", sheet);
  }
};

}  // namespace

TEST_SUITE("network/udp_queues") {
  TEST_CASE("what a scrape and the API show: sums over all sockets") {
    test::Tree tree;
    tree.file("proc/net/udp", usual);
    tree.file("proc/net/udp6", usual6);
    test::Running queues(tree, "udp_queues");
    const auto text = queues.text();
    CHECK(test::lines(text, "node_") ==
          "node_udp_queues{ip=\"v4\",queue=\"rx\"} 4294969983\nnode_udp_queues{ip=\"v6\",queue=\"rx\"} 16\n"
          "node_udp_queues{ip=\"v4\",queue=\"tx\"} 257\nnode_udp_queues{ip=\"v6\",queue=\"tx\"} 0\n");
    CHECK(test::lines(text, "# TYPE") == "# TYPE node_udp_queues gauge\n");
    CHECK(queues.json() == R"([{"ip":"v4","receive_bytes":4294969983,"transmit_bytes":257},)"
                           R"({"ip":"v6","receive_bytes":16,"transmit_bytes":0}])");
    CHECK(test::allocations_of([&] { CHECK(queues.collect().has_value()); }) == 0);
  }

  TEST_CASE("without sockets the sums are 0; one version of IP may be missing, and without both there is no data") {
    test::Tree tree;
    test::Running queues(tree, "udp_queues");
    CHECK(queues.collect().error().code == Parse::no_data);
    tree.file("proc/net/udp6", none6);
    CHECK(test::lines(queues.text(), "node_") ==
          "node_udp_queues{ip=\"v6\",queue=\"rx\"} 0\nnode_udp_queues{ip=\"v6\",queue=\"tx\"} 0\n");
    tree.file("proc/net/udp", usual);
    tree.remove("proc/net/udp6");
    CHECK(test::lines(queues.text(), "node_udp_queues{ip=\"v4\",queue=\"tx\"") ==
          "node_udp_queues{ip=\"v4\",queue=\"tx\"} 257\n");
  }

  TEST_CASE("whether the kernel counts no socket") {
    constexpr std::string_view text =
        "sockets: used 18\nTCP: inuse 4 orphan 0 tw 0\nUDP: inuse 0 mem 2\nUDPLITE: inuse 1\n";
    CHECK(network::counts_none(text, "UDP"));
    CHECK_FALSE(network::counts_none(text, "UDPLITE"));
    CHECK_FALSE(network::counts_none(text, "UDP6"));
    for (const char* other :
         {"", "UDP", "UDP:", "UDP: inuse", "UDP: inuse 00", "UDP: inuse -1", "UDP: mem 0", "UDP: inuse 10"})
      CHECK_FALSE_MESSAGE(network::counts_none(other, "UDP"), other);
  }

  TEST_CASE("a copy's count is not believed: its list is read each time") {
    test::Tree tree;
    tree.file("proc/net/sockstat", "UDP: inuse 0 mem 0\n");
    tree.file("proc/net/udp", usual.substr(0, usual.find('\n') + 1));
    test::Running queues(tree, "udp_queues");
    CHECK(queues.text().find("node_udp_queues{ip=\"v4\",queue=\"tx\"} 0\n") != std::string::npos);
    tree.file("proc/net/udp", usual);
    CHECK(queues.text().find("node_udp_queues{ip=\"v4\",queue=\"tx\"} 257\n") != std::string::npos);
  }

  TEST_CASE("a text cut anywhere but at a line's end is a fault") {
    Parsed parse;
    for (std::size_t n = 0; n < usual.size(); ++n)
      CHECK_MESSAGE(parse(usual.substr(0, n)).has_value() == (n > 0 && usual[n - 1] == '\n'), n);
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    Parsed parse;
    for (const char* line : {"", "1: a:1 b:2 07", "1: a:1 b:2 07 0", "1: a:1 b:2 07 0:", "1: a:1 b:2 07 :0",
                             "1: a:1 b:2 07 0:x", "1: a:1 b:2 07 x:0", "1: a:1 b:2 07 -1:0", "1: a:1 b:2 07 0:0:0",
                             "1: a:1 b:2 07 0:100000000", "1 a:1 b:2 07 0:0", "1: a b:2 07 0:0", "1: a:1 b 07 0:0"}) {
      const auto done = parse("  sl  local_address\n" + std::string(line) + "\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 2, line);
    }
    CHECK(parse("Some other file\n").error().line == 1);
    CHECK(parse("  sl  local_address\n1: a:1 b:2 07 0:0\n").has_value());
  }

  TEST_CASE("a fault in either file fails the collector until the file is whole again") {
    test::Tree tree;
    tree.file("proc/net/udp", usual);
    tree.file("proc/net/udp6", "");
    test::Running queues(tree, "udp_queues");
    CHECK(queues.collect().error().code == Parse::empty);
    tree.file("proc/net/udp6", usual6);
    CHECK(queues.collect().has_value());
  }
}

}  // namespace udp_queues_test
