#include "collectors/filesystem/nfs.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace nfs_test {

using namespace vitald;

namespace {

constexpr const char* path = "proc/net/rpc/nfs";

// "proc4 3 101 102 103": each number says where it stands
std::string counted(std::string_view word, int count, int base) {
  auto line = std::string(word).append(" ").append(std::to_string(count));
  for (int i = 1; i <= count; ++i) line.append(" ").append(std::to_string(base + i));
  return line + "\n";
}
std::string whole() {
  return "net 70 21 49 9\nrpc 1218785755 374636 18\n" + counted("proc2", 18, 200) + counted("proc3", 22, 300) +
         counted("proc4", 69, 400);
}

struct Parsed {
  Table<filesystem::NfsClient> layout{};
  Table<filesystem::NfsRequests> request_layout{};
  Sheet<filesystem::NfsClient> totals{layout};
  Sheet<filesystem::NfsRequests> requests{request_layout};
  Result<void> operator()(std::string_view text) {
    totals.rewind();
    requests.rewind();
    return filesystem::parse_nfs(text, totals, requests);
  }
  std::uint64_t of(std::string_view method, std::string_view proto) const {
    for (const auto& row : requests.view())
      if (row.method == method && row.proto == proto) return row.count;
    return 1;
  }
};

}  // namespace

TEST_SUITE("filesystem/nfs") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file(path, whole());
    test::Running nfs(tree, "nfs");
    const auto text = nfs.text();
    CHECK(test::lines(text, "node_nfs_c") == "node_nfs_connections_total 9\n");
    CHECK(test::lines(text, "node_nfs_p") ==
          "node_nfs_packets_total{protocol=\"udp\"} 21\nnode_nfs_packets_total{protocol=\"tcp\"} 49\n");
    CHECK(test::lines(text, "node_nfs_rpc") ==
          "node_nfs_rpc_authentication_refreshes_total 18\nnode_nfs_rpc_retransmissions_total 374636\n"
          "node_nfs_rpcs_total 1218785755\n");
    CHECK(test::lines(text, "node_nfs_requests_total{method=\"Null\"") ==
          "node_nfs_requests_total{method=\"Null\",proto=\"2\"} 201\n"
          "node_nfs_requests_total{method=\"Null\",proto=\"3\"} 301\n"
          "node_nfs_requests_total{method=\"Null\",proto=\"4\"} 401\n");
    CHECK(test::lines(text, "# TYPE node_nfs_requests_total") == "# TYPE node_nfs_requests_total counter\n");
    CHECK(nfs.json().starts_with(
        R"([{"connections":9,"packets_udp":21,"packets_tcp":49,"rpc_authentication_refreshes":18,)"
        R"("rpc_retransmissions":374636,"rpcs":1218785755}][{"method":"Null","proto":"2","requests":201},)"));
    CHECK(test::allocations_of([&] { CHECK(nfs.collect().has_value()); }) == 0);
  }

  TEST_CASE("methods are told by their place") {
    Parsed parse;
    REQUIRE(parse(whole()).has_value());
    CHECK(parse.requests.view().size() == 18 + 22 + 59);
    CHECK(parse.of("WrCache", "2") == 208);
    CHECK(parse.of("FsStat", "2") == 218);
    CHECK(parse.of("ReadDirPlus", "3") == 318);
    CHECK(parse.of("Commit", "3") == 322);
    CHECK(parse.of("OpenNoattr", "4") == 407);
    CHECK(parse.of("LayoutGet", "4") == 445);
    CHECK(parse.of("GetDeviceInfo", "4") == 446);
    CHECK(parse.of("Clone", "4") == 459);
  }

  TEST_CASE("a version that the kernel was built without is all 0, and so are methods that it does not know") {
    Parsed parse;
    REQUIRE(parse("net 1 2 3 4\nrpc 1 2 3\n" + counted("proc3", 22, 300) + counted("proc4", 42, 400)).has_value());
    CHECK(parse.requests.view().size() == 99);
    CHECK(parse.of("Read", "2") == 0);
    CHECK(parse.of("Sequence", "4") == 442);
    CHECK(parse.of("GetLeaseTime", "4") == 0);
    REQUIRE(parse("net 1 2 3 4 5\nrpc 1 2 3 4\nnewer 7 x\nproc9 1 1\n").has_value());
    CHECK(parse.totals.view()[0].numbers[0] == 4);
  }

  TEST_CASE(
      "a text cut anywhere but at a line's end is a fault, and there, too, without the lines that all kernels have") {
    Parsed parse;
    const auto text = whole();
    const auto second = text.find('\n', text.find("rpc")) + 1;
    for (std::size_t n = 0; n < text.size(); ++n)
      CHECK_MESSAGE(parse(text.substr(0, n)).has_value() == (n >= second && text[n - 1] == '\n'), n);
    CHECK(parse("rpc 1 2 3\n" + counted("proc3", 22, 0)).error().code == Parse::truncated);
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    Parsed parse;
    for (const char* line : {"net 1 2 3", "net 1 2 3 x", "net 1 2 3 -4", "", " ", "\xff\xfe 1", "a\"b 1", "proc2",
                             "proc2 x", "proc2 17 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "proc4 3 1 2",
                             "proc4 1 1 2", "proc4 1 1.5", "proc4 1 99999999999999999999999", "rpc 4 5 6"}) {
      const auto done = parse("rpc 1 2 3\n" + std::string(line) + "\nnet 1 2 3 4\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 2, line);
    }
    CHECK(to_string(parse("rpc 1 2 x\n").error()) == "/proc/net/rpc/nfs:1: a field is not a number");
  }

  TEST_CASE("a missing file is absent, an empty one is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running nfs(tree, "nfs");
    CHECK(state_of(nfs.collect().error()) == State::absent);
    tree.file(path, "");
    CHECK(nfs.collect().error().code == Parse::empty);
    tree.file(path, whole());
    CHECK(nfs.collect().has_value());
  }
}

}  // namespace nfs_test
