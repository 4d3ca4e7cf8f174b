#include "collectors/filesystem/zfs.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace zfs_test {

using namespace vitald;

namespace {

const std::string folder = "proc/spl/kstat/zfs/";
const std::string head = "13 1 0x01 3 816 5215 395818\nname                            type data\n";
const std::string io =
    "12 3 0x00 1 80 79205351707403 395818011156865\n"
    "nread    nwritten reads    writes   wtime    wlentime wupdate  rtime    rlentime rupdate  wcnt     rcnt    \n"
    "1884160 3206144 22 132 7155162 104112268 79210489694949 24168078 104112269 79210489849220 0 1\n";

std::string objset(std::string_view dataset, std::string_view rows = "writes 4 1\nreads 4 2\n") {
  return head + "dataset_name                    7    " + std::string(dataset) + "\n" + std::string(rows);
}

struct Parsed {
  filesystem::KstatNames names;
  Table<filesystem::Kstat> layout{};
  Sheet<filesystem::Kstat> sheet{layout};
  Result<void> operator()(std::string_view text) {
    sheet.rewind();
    return filesystem::parse_kstat(text, names, sheet);
  }
};

struct Gathered {
  filesystem::Datasets datasets;
  Table<filesystem::DatasetStat> layout{};
  Sheet<filesystem::DatasetStat> sheet{layout};
  std::string operator()() {
    sheet.rewind();
    datasets.fill(sheet);
    std::string all;
    for (const auto& row : sheet.view())
      all.append(row.name.view())
          .append(" ")
          .append(row.pool.view())
          .append(":")
          .append(row.dataset.view())
          .append(", ");
    return all;
  }
};

}  // namespace

TEST_SUITE("filesystem/zfs") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file(
        folder + "arcstats",
        "13 1 0x01 4 816 5215 395818\nname                            type data\n"
        "hits                            4    18446744073709551615\nmemory_available_bytes          3    -922337\n"
        "l2-misses                       4    0\nstate                           7    fine here\n");
    tree.file(folder + "fm", head + "erpt-dropped 4 18\n");
    tree.file(folder + "dbgmsg", "no kstat of rows\n");
    tree.file(folder + "my pool/io", io);
    tree.file(folder + "my pool/state", "ONLINE\n");
    tree.file(folder + "my pool/objset-0x36", objset("my pool/my photos"));
    tree.file(folder + "my pool/txgs", "");
    test::Running zfs(tree, "zfs");
    const auto text = zfs.text();
    CHECK(test::lines(text, "node_") ==
          "node_zfs_arc_hits 18446744073709551615\nnode_zfs_arc_memory_available_bytes -922337\n"
          "node_zfs_arc_l2_misses 0\nnode_zfs_fm_erpt_dropped 18\n"
          "node_zfs_zpool_nread{zpool=\"my pool\"} 1884160\nnode_zfs_zpool_nwritten{zpool=\"my pool\"} 3206144\n"
          "node_zfs_zpool_reads{zpool=\"my pool\"} 22\nnode_zfs_zpool_writes{zpool=\"my pool\"} 132\n"
          "node_zfs_zpool_wtime{zpool=\"my pool\"} 7155162\nnode_zfs_zpool_wlentime{zpool=\"my pool\"} 104112268\n"
          "node_zfs_zpool_wupdate{zpool=\"my pool\"} 79210489694949\nnode_zfs_zpool_rtime{zpool=\"my pool\"} 24168078\n"
          "node_zfs_zpool_rlentime{zpool=\"my pool\"} 104112269\n"
          "node_zfs_zpool_rupdate{zpool=\"my pool\"} 79210489849220\n"
          "node_zfs_zpool_wcnt{zpool=\"my pool\"} 0\nnode_zfs_zpool_rcnt{zpool=\"my pool\"} 1\n"
          "node_zfs_zpool_state{state=\"degraded\",zpool=\"my pool\"} 0\n"
          "node_zfs_zpool_state{state=\"faulted\",zpool=\"my pool\"} 0\n"
          "node_zfs_zpool_state{state=\"offline\",zpool=\"my pool\"} 0\n"
          "node_zfs_zpool_state{state=\"online\",zpool=\"my pool\"} 1\n"
          "node_zfs_zpool_state{state=\"removed\",zpool=\"my pool\"} 0\n"
          "node_zfs_zpool_state{state=\"suspended\",zpool=\"my pool\"} 0\n"
          "node_zfs_zpool_state{state=\"unavail\",zpool=\"my pool\"} 0\n"
          "node_zfs_zpool_dataset_writes{dataset=\"my pool/my photos\",zpool=\"my pool\"} 1\n"
          "node_zfs_zpool_dataset_reads{dataset=\"my pool/my photos\",zpool=\"my pool\"} 2\n");
    CHECK(test::lines(text, "# TYPE node_zfs_arc_hits") == "# TYPE node_zfs_arc_hits untyped\n");
    CHECK(test::lines(text, "# TYPE node_zfs_zpool_reads") == "# TYPE node_zfs_zpool_reads untyped\n");
    CHECK(test::lines(text, "# TYPE node_zfs_zpool_state") == "# TYPE node_zfs_zpool_state gauge\n");
    CHECK(test::lines(text, "# TYPE node_zfs_zpool_dataset_reads") == "# TYPE node_zfs_zpool_dataset_reads untyped\n");
    const auto json = zfs.json();
    CHECK(json.find(R"({"hits":18446744073709551615,"memory_available_bytes":-922337,"l2_misses":0})") != json.npos);
    CHECK(json.find(R"({"dataset":"my pool/my photos","zpool":"my pool","name":"reads","value":2})") != json.npos);
    CHECK(test::allocations_of([&] { CHECK(zfs.collect().has_value()); }) == 0);
  }

  TEST_CASE("without ZFS there is no data; a version of it may have any of the files") {
    test::Tree tree;
    test::Running zfs(tree, "zfs");
    CHECK(state_of(zfs.collect().error()) == State::absent);
    tree.dir(folder);
    CHECK(zfs.text().empty());
    tree.file(folder + "zil", head + "zil_commit_count 4 3\n");
    CHECK(test::lines(zfs.text(), "node_") == "node_zfs_zil_zil_commit_count 3\n");
    tree.file(folder + "zil", head);
    CHECK(zfs.text().empty());
    tree.file(folder + "zil", head + "zil_commit_count 4 x\n");
    CHECK(state_of(zfs.collect().error()) == State::parse);
    tree.remove(folder + "zil");
    CHECK(zfs.text().empty());
  }

  TEST_CASE("pools come and go, and one that changes its mind has no state for a while") {
    test::Tree tree;
    tree.file(folder + "a/state", "TRANSITIONING\n");
    test::Running zfs(tree, "zfs");
    CHECK(test::lines(zfs.text(), "node_zfs_zpool_state{").find("} 1") == std::string::npos);
    tree.file(folder + "b/state", "UNAVAIL\n");
    CHECK(test::lines(zfs.text(), "node_zfs_zpool_state{state=\"unavail\"") ==
          "node_zfs_zpool_state{state=\"unavail\",zpool=\"a\"} 0\n"
          "node_zfs_zpool_state{state=\"unavail\",zpool=\"b\"} 1\n");
    tree.remove(folder + "a");
    CHECK(test::lines(zfs.text(), "node_zfs_zpool_state{state=\"unavail\"") ==
          "node_zfs_zpool_state{state=\"unavail\",zpool=\"b\"} 1\n");
    for (const char* bad : {"", "ONLINE", "ON LINE\n", "\xff\n", "\n"}) {
      tree.file(folder + "b/state", bad);
      CHECK_MESSAGE(state_of(zfs.collect().error()) == State::parse, bad);
    }
  }

  TEST_CASE("a kstat cut anywhere but at a line's end is a fault, and before its rows there, too") {
    Parsed parse;
    const auto whole = head + "hits 4 73\nmisses 4 15\n";
    for (std::size_t n = 0; n < whole.size(); ++n)
      CHECK_MESSAGE(parse(whole.substr(0, n)).has_value() == (n >= head.size() && whole[n - 1] == '\n'), n);
    filesystem::PoolIo row;
    for (std::size_t n = 0; n < io.size(); ++n) CHECK_MESSAGE(parse_pool_io(io.substr(0, n), row).has_error(), n);
    Gathered gather;
    const auto one = objset("a/b");
    const auto complete = one.find("b\n") + 2;
    for (std::size_t n = 0; n < one.size(); ++n) {
      gather.datasets.begin();
      CHECK_MESSAGE(gather.datasets.add(one.substr(0, n), "a").has_value() == (n >= complete && one[n - 1] == '\n'), n);
    }
  }

  TEST_CASE("what the kernel does not write is a fault that names its line") {
    Parsed parse;
    for (const char* line : {"hits", "hits 4", "hits x 5", "hits 4 x", "hits 4 -1", "hits 3 1.5", "", " ",
                             "hits 4 99999999999999999999"}) {
      const auto done = parse(head + "misses 4 2\n" + line + "\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 4, line);
    }
    CHECK(parse("13 1 0x01\nname type\n").error().line == 2);
    CHECK(parse("name type data\n").error().line == 1);
    CHECK(to_string(parse("").error()) == "/proc/spl/kstat/zfs: it is empty");
  }

  TEST_CASE("names that move are judged anew") {
    Parsed parse;
    REQUIRE(parse(head + "a-b 4 1\nc 4 2\n").has_value());
    REQUIRE(parse(head + "c 4 3\na-b 3 -4\nd 4 5\n").has_value());
    REQUIRE(parse.sheet.view().size() == 3);
    CHECK(parse.sheet.view()[0].name == "c");
    CHECK(parse.sheet.view()[1].name == "a_b");
    REQUIRE(parse(head + "c 4 3\na-b 4 1\na_b 4 5\na\"b 4 6\nd 4 7\n").has_value());  // the same, and no name
    REQUIRE(parse.sheet.view().size() == 3);
    CHECK(parse.sheet.view()[1].value.natural == 1);
    CHECK(parse.sheet.view()[2].name == "d");
    std::string many = head;
    for (int i = 0; i < 2000; ++i) many += "n" + std::to_string(i) + " 4 1\n";
    CHECK(parse(many).error().code == Parse::too_large);
  }

  TEST_CASE("datasets' rows of a name stand together, also where some have more names") {
    Gathered gather;
    gather.datasets.begin();
    REQUIRE(gather.datasets.add(objset("p/a"), "p").has_value());
    REQUIRE(gather.datasets.add(objset("p/b", "zil_count 4 1\nreads 4 5\nwrites 4 6\n"), "p").has_value());
    REQUIRE(gather.datasets.add(objset("p/a"), "q").has_value());
    CHECK(gather() ==
          "writes p:p/a, writes p:p/b, writes q:p/a, reads p:p/a, reads p:p/b, reads q:p/a, zil_count p:p/b, ");
  }

  TEST_CASE("of two files for one dataset, and of two rows for one name, the first is shown") {
    Gathered gather;
    gather.datasets.begin();
    REQUIRE(gather.datasets.add(objset("p/a", "reads 4 1\nreads 4 2\n"), "p").has_value());
    REQUIRE(gather.datasets.add(objset("p/a", "reads 4 3\n"), "p").has_value());
    CHECK(gather() == "reads p:p/a, ");
    CHECK(gather.sheet.view()[0].value.natural == 1);
    gather.datasets.begin();
    REQUIRE(gather.datasets.add(objset("p/c"), "p").has_value());
    CHECK(gather() == "writes p:p/c, reads p:p/c, ");
  }

  TEST_CASE("odd names of datasets and pools are labels") {
    test::Tree tree;
    tree.file(folder + "p\"\\q/objset-0x1", objset("a \"b\" \\ \xff", "reads 4 1\n"));
    CHECK(test::lines(test::Running(tree, "zfs").text(), "node_") ==
          "node_zfs_zpool_dataset_reads{dataset=\"a \\\"b\\\" \\\\ \xef\xbf\xbd\",zpool=\"p\\\"\\\\q\"} 1\n");
  }
}

}  // namespace zfs_test
