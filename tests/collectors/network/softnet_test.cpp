#include "collectors/network/softnet.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace softnet_test {

using namespace vitald;

namespace {

constexpr std::string_view usual =
    "00ab0102 00000003 0000009f 00000000 00000000 00000000 00000000 00000000 00000004 0000000a 0000000b 0000000c "
    "00000000 00000000 00000000\n"
    "ffffffff 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
    "00000003 00000000 00000000\n";
constexpr std::string_view nine = "0000000f 00000001 00000002 00000000 00000000 00000000 00000000 00000000 00000003\n";

struct Parsed {
  Layout layout{};
  Sheet<network::SoftnetCounts> sheet{layout};
  Result<void> operator()(std::string_view text) {
    sheet.rewind();
    return network::parse_softnet(text, sheet);
  }
};

}  // namespace

TEST_SUITE("network/softnet") {
  TEST_CASE("what a scrape and the API show; the processor is the one that the kernel names") {
    test::Tree tree;
    tree.file("proc/net/softnet_stat", usual);
    test::Running softnet(tree, "softnet");
    const auto text = softnet.text();
    CHECK(test::lines(text, "node_") ==
          "node_softnet_backlog_len{cpu=\"0\"} 12\nnode_softnet_backlog_len{cpu=\"3\"} 0\n"
          "node_softnet_cpu_collision_total{cpu=\"0\"} 4\nnode_softnet_cpu_collision_total{cpu=\"3\"} 0\n"
          "node_softnet_dropped_total{cpu=\"0\"} 3\nnode_softnet_dropped_total{cpu=\"3\"} 0\n"
          "node_softnet_flow_limit_count_total{cpu=\"0\"} 11\nnode_softnet_flow_limit_count_total{cpu=\"3\"} 0\n"
          "node_softnet_processed_total{cpu=\"0\"} 11206914\nnode_softnet_processed_total{cpu=\"3\"} 4294967295\n"
          "node_softnet_received_rps_total{cpu=\"0\"} 10\nnode_softnet_received_rps_total{cpu=\"3\"} 0\n"
          "node_softnet_times_squeezed_total{cpu=\"0\"} 159\nnode_softnet_times_squeezed_total{cpu=\"3\"} 0\n");
    CHECK(test::lines(text, "# TYPE node_softnet_backlog_len") == "# TYPE node_softnet_backlog_len gauge\n");
    CHECK(softnet.json().starts_with(R"([{"cpu":"0","backlog_len":12,"cpu_collision":4,"dropped":3,)"));
    CHECK(test::allocations_of([&] { CHECK(softnet.collect().has_value()); }) == 0);
  }

  TEST_CASE("old kernels have fewer columns, which are 0, and processors are numbered by their lines") {
    Parsed parse;
    REQUIRE(parse(std::string(nine).append(nine)).has_value());
    REQUIRE(parse.sheet.view().size() == 2);
    const auto& second = parse.sheet.view()[1];
    CHECK(second.cpu == "1");
    CHECK(second.processed == 15);
    CHECK(second.cpu_collision == 3);
    CHECK(second.received_rps == 0);
    CHECK(second.backlog_len == 0);
    const auto eleven = std::string(nine.substr(0, nine.size() - 1)) + " 0000000a 0000000b\n";
    REQUIRE(parse(eleven).has_value());
    CHECK(parse.sheet.view()[0].received_rps == 10);
    CHECK(parse.sheet.view()[0].flow_limit_count == 11);
  }

  TEST_CASE("a text cut anywhere but at a line's end is a fault") {
    Parsed parse;
    for (std::size_t n = 0; n < usual.size(); ++n)
      CHECK_MESSAGE(parse(usual.substr(0, n)).has_value() == (n > 0 && usual[n - 1] == '\n'), n);
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    Parsed parse;
    const auto row = [](std::string_view last) { return "0 0 0 0 0 0 0 0 0 0 0 0 " + std::string(last); };
    for (const auto& line : {std::string("0 0 0 0 0 0 0 0"), row("x"), row("-1"), row("0x2"), row("100000000"),
                             row("2 g"), row("0"), std::string()}) {
      const auto done = parse(row("0") + "\n" + line + "\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 2, line);
    }
    CHECK(parse(row("0") + "\n" + row("1") + "\n").has_value());
  }

  TEST_CASE("a missing file is absent, an empty one is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running softnet(tree, "softnet");
    CHECK(state_of(softnet.collect().error()) == State::absent);
    tree.file("proc/net/softnet_stat", "");
    CHECK(softnet.collect().error().code == Parse::empty);
    tree.file("proc/net/softnet_stat", usual);
    CHECK(softnet.collect().has_value());
  }
}

}  // namespace softnet_test
