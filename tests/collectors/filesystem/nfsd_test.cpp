#include "collectors/filesystem/nfs.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace nfsd_test {

using namespace vitald;

namespace {

constexpr const char* path = "proc/net/rpc/nfsd";

std::string counted(std::string_view word, int count, int base) {
  auto line = std::string(word).append(" ").append(std::to_string(count));
  for (int i = 1; i <= count; ++i) line.append(" ").append(std::to_string(base + i));
  return line + "\n";
}
const std::string head =
    "rc 12 6400 18622\nfh 7 0 0 0 0\nio 157286400 72864\n"
    "th 8 0 0.000 0.000 0.000 0.000 0.000 0.000 0.000 0.000 0.000 0.000\n";
const std::string ra = "ra 32 0 0 0 0 0 0 0 0 0 0 5\n";
const std::string rpc = "net 18628 11 18617 3\nrpc 18629 6 1 2 3\n";
std::string methods() {
  return counted("proc2", 18, 200) + counted("proc3", 22, 300) + "proc4 2 2 10853\n" + counted("proc4ops", 76, 400);
}
std::string whole() { return head + ra + rpc + methods() + "wdeleg_getattr 16\n"; }

struct Parsed {
  Table<filesystem::NfsServer> layout{};
  Table<filesystem::NfsRequests> request_layout{};
  Sheet<filesystem::NfsServer> totals{layout};
  Sheet<filesystem::NfsRequests> requests{request_layout};
  Result<void> operator()(std::string_view text) {
    totals.rewind();
    requests.rewind();
    return filesystem::parse_nfsd(text, totals, requests);
  }
  std::optional<std::uint64_t> of(std::string_view method, std::string_view proto) const {
    for (const auto& row : requests.view())
      if (row.method == method && row.proto == proto) return row.count;
    return std::nullopt;
  }
};

}  // namespace

TEST_SUITE("filesystem/nfsd") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file(path, whole());
    test::Running nfsd(tree, "nfsd");
    const auto text = nfsd.text();
    CHECK(test::lines(text, "node_")
              .starts_with("node_nfsd_connections_total 3\nnode_nfsd_disk_bytes_read_total 157286400\n"
                           "node_nfsd_disk_bytes_written_total 72864\nnode_nfsd_file_handles_stale_total 7\n"
                           "node_nfsd_packets_total{proto=\"udp\"} 11\nnode_nfsd_packets_total{proto=\"tcp\"} 18617\n"
                           "node_nfsd_read_ahead_cache_not_found_total 5\nnode_nfsd_read_ahead_cache_size_blocks 32\n"
                           "node_nfsd_reply_cache_hits_total 12\nnode_nfsd_reply_cache_misses_total 6400\n"
                           "node_nfsd_reply_cache_nocache_total 18622\nnode_nfsd_rpc_errors_total{error=\"auth\"} 2\n"
                           "node_nfsd_rpc_errors_total{error=\"cInt\"} 3\nnode_nfsd_rpc_errors_total{error=\"fmt\"} 1\n"
                           "node_nfsd_server_rpcs_total 18629\nnode_nfsd_server_threads 8\n"
                           "node_nfsd_requests_total{method=\"GetAttr\",proto=\"2\"} 202\n"));
    CHECK(test::lines(text, "# TYPE node_nfsd_server_threads") == "# TYPE node_nfsd_server_threads gauge\n");
    CHECK(test::lines(text, "# TYPE node_nfsd_read_ahead_cache_size") ==
          "# TYPE node_nfsd_read_ahead_cache_size_blocks gauge\n");
    CHECK(nfsd.json().find(R"("rpc_errors_client":3)") != std::string::npos);
    CHECK(nfsd.json().ends_with(R"({"method":"WdelegGetattr","proto":"4","requests":16}])"));
    CHECK(test::allocations_of([&] { CHECK(nfsd.collect().has_value()); }) == 0);
  }

  TEST_CASE("methods are told by their place; null calls and unused operations are not shown") {
    Parsed parse;
    REQUIRE(parse(whole()).has_value());
    CHECK(parse.requests.view().size() == 17 + 21 + 36);
    CHECK_FALSE(parse.of("Null", "2").has_value());
    CHECK(parse.of("FsStat", "2") == 218);
    CHECK_FALSE(parse.of("Null", "3").has_value());
    CHECK(parse.of("GetAttr", "3") == 302);
    CHECK(parse.of("Commit", "3") == 322);
    CHECK(parse.of("Access", "4") == 404);
    CHECK(parse.of("PutFH", "4") == 423);
    CHECK(parse.of("Read", "4") == 426);
    CHECK(parse.of("SetClientIDConfirm", "4") == 437);
    CHECK(parse.of("RelLockOwner", "4") == 440);
    CHECK(parse.of("WdelegGetattr", "4") == 16);
  }

  TEST_CASE("older and newer kernels: what they do not count is 0, and a cache that is gone has no size") {
    Parsed parse;
    REQUIRE(parse(head + rpc + counted("proc3", 22, 300) + counted("proc4ops", 39, 400) + "newer 1\n").has_value());
    CHECK(parse.of("Read", "2") == 0);
    CHECK(parse.of("Write", "4") == 439);
    CHECK(parse.of("RelLockOwner", "4") == 0);
    CHECK(parse.of("WdelegGetattr", "4") == 0);
    test::Tree tree;
    tree.file(path, head + rpc);
    CHECK(test::lines(test::Running(tree, "nfsd").text(), "node_nfsd_read_ahead").empty());
  }

  TEST_CASE(
      "a text cut anywhere but at a line's end is a fault, and there, too, without the lines that all kernels have") {
    Parsed parse;
    const auto text = whole();
    const auto complete = (head + ra + rpc).size();
    for (std::size_t n = 0; n < text.size(); ++n)
      CHECK_MESSAGE(parse(text.substr(0, n)).has_value() == (n >= complete && text[n - 1] == '\n'), n);
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    Parsed parse;
    for (const char* line : {"io 1", "io 1 x", "io 1 -2", "", "\xff 1", "wdeleg_getattr", "wdeleg_getattr 1 2",
                             "wdeleg_getattr x", "proc4ops 2 1", "proc3 2 1 2", "ra 32 0 0", "th x", "fh"}) {
      const auto done = parse("rpc 1 2 3 4 5\n" + std::string(line) + "\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 2, line);
    }
  }

  TEST_CASE("a missing file is absent, an empty one is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running nfsd(tree, "nfsd");
    CHECK(state_of(nfsd.collect().error()) == State::absent);
    tree.file(path, "");
    CHECK(nfsd.collect().error().code == Parse::empty);
    tree.file(path, whole());
    CHECK(nfsd.collect().has_value());
  }
}

}  // namespace nfsd_test
